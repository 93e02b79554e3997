/** SVGs as drawing programs and people write them. */
import { gzipSync } from "node:zlib";
import { images, latin, type OddImages } from "./odd-image.js";

const NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"';
const PUBLIC = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd"';

const svg = (attributes: string, { before = "", inside = "", behind = "" } = {}): string =>
  `${before}<svg ${NAMESPACE} ${attributes}><rect width="9" height="9"/>${inside}</svg>${behind}`;
const utf16 = (text: string, order: "LE" | "BE"): Buffer => {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return order === "LE" ? bytes : bytes.swap16();
};

/** By themselves: what they are is what they say. */
const SIZES = [
  ...[
    'width="40" height="30"',
    "width='40' height=\"30px\"",
    'width="&#52;0" height=" 30 "',
    'width="3cm" height="2in"',
  ],
  ...[
    'width="30pt" height="20mm"',
    'width="40Q" height="5PC"',
    'width="+4e1" height=".3E2px"',
    'width="300.5" height="250.4"',
  ],
  ...['viewBox="0 0 300 250"', 'viewBox="0 0 728 90"', 'viewBox="0 0 160 600"', 'viewBox=" -1e1-2e1,40 , 30 "'],
  ...[
    'viewBox="0 0 3 7"',
    'viewBox="0 0 1.5.5"',
    'viewBox="0 0 40.5 30"',
    'viewBox="0 0 40 30,"',
    'viewBox="0 0 40px 30px"',
  ],
  ...[
    'viewBox="0 0 0 30"',
    'viewBox="0 0 40"',
    'viewBox="0 0 40 30" preserveAspectRatio="none"',
    "",
    'VIEWBOX="0 0 40 30"',
  ],
  ...[
    'viewBox="0 0 40 30" preserveAspectRatio="xMinYMid slice"',
    'width="100%" height="100%"',
    'width="50%" height="20"',
  ],
  ...['width="100%" height="100%" viewBox="0 0 40 30"', 'width="100%" height="20" viewBox="0 0 40 30"'],
  ...[
    'width="100" viewBox="0 0 40 30"',
    'height="100" viewBox="0 0 40 30"',
    'width="100" height="100" viewBox="0 0 40 30"',
  ],
  ...[
    'width="auto" height="auto" viewBox="0 0 40 30"',
    'width="" height="" viewBox="0 0 40 30"',
    'width="100"',
    'height="100"',
  ],
  ...[
    'width="100" viewBox="0 0 40 30" preserveAspectRatio="none"',
    'width="4 px" height="30"',
    'width="4." height="30"',
  ],
  ...[
    'width="40;" height="30dp"',
    'width="40" height="30" style="width:80px;height:90px"',
    'style="width:80px;height:90px"',
  ],
  ...[
    'a=" width=\'8\' " data-width="9" width="40" height="30"',
    'width="1000000" height="999"',
    'width="1e400" height="30"',
  ],
];

/** By a font, or calculated: pages leave it to browsers. */
export const UNTOLD = images(
  Object.fromEntries(
    ['width="10em" height="10ex"', 'width="10rem" viewBox="0 0 40 30"', 'width="calc(10px + 5px)" height="30"'].map(
      (attributes) => [attributes, svg(attributes)],
    ),
  ),
);

const PLAIN = 'width="40" height="30"';

export const SVGS: OddImages = {
  shown: images({
    ...Object.fromEntries(SIZES.map((attributes) => [attributes || "no attribute", svg(attributes)])),
    "a prefix": `<svg:svg xmlns:svg="http://www.w3.org/2000/svg" ${PLAIN}><svg:rect/></svg:svg>`,
    "another prefix": `<x:svg xmlns:x="http://www.w3.org/2000/svg" ${PLAIN} x:width="9"/>`,
    "a processing instruction": svg(PLAIN, { before: '<?xml version="1.0"?>\n<?made-by a="b>c" ?>\n' }),
    "a style sheet": svg(PLAIN, { before: '<?xml version="1.0"?><?xml-stylesheet href="a.css"?>' }),
    "a prolog of 100 kB": svg(PLAIN, { before: `<!-- ${"long ".repeat(20_000)} -->` }),
    "another in a comment": svg(PLAIN, { before: `<!-- ${svg('width="1" height="1"')} -->` }),
    "100 kB of attributes": svg(`data-a="${"a".repeat(100_000)}" ${PLAIN}`),
    "blanks before it": svg(PLAIN, { before: " \r\n\t" }),
    "a byte order mark": svg(PLAIN, { before: '\uFEFF<?xml version="1.0" encoding="UTF-8" standalone="no"?>' }),
    "UTF-16, little-endian": utf16(svg(PLAIN), "LE"),
    "UTF-16, big-endian": utf16(svg(PLAIN, { before: '<?xml version="1.0" encoding="UTF-16"?>\n' }), "BE"),
    "UTF-16 that says UTF-8": utf16(svg(PLAIN, { before: '<?xml version="1.0" encoding="UTF-8"?>' }), "LE"),
    "Latin-1 by name, ASCII by bytes": svg(PLAIN, { before: '<?xml version="1.0" encoding="ISO-8859-1"?>' }),
    "a document type": svg(PLAIN, { before: `${PUBLIC}>` }),
    "a document type of HTML": svg(PLAIN, { before: "<!DOCTYPE html>" }),
    "a namespace as an entity": `${PUBLIC} [\n<!ENTITY ns "http://www.w3.org/2000/svg">\n<!-- ]> -->]><svg xmlns="&ns;" ${PLAIN}/>`,
    "a width as an entity of another": `<!DOCTYPE svg [<!ENTITY a "&#52;"><!ENTITY w "&a;0">]>${svg('width="&w;" height="30"')}`,
    "an entity of another file": svg(PLAIN, { before: `${PUBLIC}>`, inside: "<text>&nbsp;</text>" }),
    "entities that are not used": svg(PLAIN, {
      before: '<!DOCTYPE svg [<!ENTITY a "&a;"><!ENTITY b SYSTEM "c">]>',
      inside: "&b;",
    }),
    "attributes of the document type": `<!DOCTYPE svg [<!ATTLIST svg xmlns CDATA #FIXED "http://www.w3.org/2000/svg" xmlns:xlink CDATA #FIXED "http://www.w3.org/1999/xlink" width CDATA "40">]><svg height="30"><use xlink:href="#a"/></svg>`,
    "other namespaces": svg(`${PLAIN} xmlns:i="http://ns.adobe.com/AdobeIllustrator/10.0/"`, {
      inside: '<i:pgf id="a"/>',
    }),
    "a style in a section": svg(PLAIN, { inside: "<style><![CDATA[a > b < c & d]]></style>" }),
    "a comment behind it": svg(PLAIN, { behind: "\n<!-- end -->\n" }),
    "a character behind it that is cut": Buffer.concat([Buffer.from(svg(PLAIN)), Buffer.from([0xe2, 0x82])]),
  }),
  broken: images({
    "no namespace": `<svg ${PLAIN}></svg>`,
    "another namespace": `<svg xmlns="http://www.w3.org/2000/SVG" ${PLAIN}/>`,
    "another root element": `<html xmlns="http://www.w3.org/1999/xhtml">${svg(PLAIN)}</html>`,
    "capital letters": `<SVG ${NAMESPACE} ${PLAIN}></SVG>`,
    "a page": `<!doctype html><html><body>${svg(PLAIN)}</body></html>`,
    "text before it": svg(PLAIN, { before: "text " }),
    "a blank before its declaration": svg(PLAIN, { before: ' <?xml version="1.0"?>' }),
    "an element without an end": svg(PLAIN, { inside: "<g>" }),
    "cut in its root element": svg(PLAIN).slice(0, 50),
    "an ampersand": svg(PLAIN, { inside: "<text>a & b</text>" }),
    "an entity that is not declared": svg(PLAIN, { inside: "<text>&nbsp;</text>" }),
    "a prefix that is not declared": svg(PLAIN, { inside: '<use xlink:href="#a"/>' }),
    "two hyphens in a comment": svg(PLAIN, { before: "<!-- a -- b -->" }),
    "an attribute without quotes": svg("width=40 height=30"),
    "an attribute twice": svg('width="40" width="40" height="30"'),
    "text behind it": svg(PLAIN, { behind: "x" }),
    "Latin-1": latin(
      svg(PLAIN, { before: '<?xml version="1.0" encoding="ISO-8859-1"?>', inside: "<text>\xe9</text>" }),
    ),
    "UTF-16 without a mark": utf16(svg(PLAIN), "LE").subarray(2),
    "an entity of itself": svg(PLAIN, { before: '<!DOCTYPE svg [<!ENTITY a "&a;">]>', inside: "<text>&a;</text>" }),
    compressed: gzipSync(svg(PLAIN)),
    "no width": svg('width="0" height="30"'),
    "less than half a pixel": svg('width="0.4" height="30"'),
    "a negative width": svg('width="-4" height="30"'),
    "a width in parts of a window": svg('width="50vw" height="30"'),
    "a view box far too wide": svg('viewBox="0 0 100000 1"'),
  }),
};
