import { join } from "node:path";
import t from "tap";
import { joinModules } from "../../../build/report/join-modules.js";

await t.test("a module stands once, before all that import it", (t) => {
  const folder = t.testdir({
    "main.js": 'import { left } from "../left.js";\nimport {\n  right,\n} from "../right.js";\nleft(right());\n',
    "left.js": 'import { deep } from "../deep.js";\nexport function left() { deep(); }\n',
    "right.js": 'import { deep } from "../deep.js";\r\nexport async function right() { deep(); }\n',
    "deep.js": "export const deep = () => 1;\nexport class Deep {}\n//# sourceMappingURL=deep.js.map",
  });
  t.equal(
    joinModules(join(folder, "main.js")),
    "const deep = () => 1;\nclass Deep {}\nfunction left() { deep(); }\nasync function right() { deep(); }\nleft(right());\n",
  );
  t.end();
});

await t.test("what cannot be joined is refused", (t) => {
  for (const line of [
    'import * as all from "../other.js";',
    'import { a } from "a-package";',
    'import "../other.js";',
    "export default 1;",
    "export { a };",
    'import { a as b } from "../other.js";',
  ]) {
    const folder = t.testdir({ "main.js": `${line}\n`, "other.js": "export const a = 1;\n" });
    t.throws(() => joinModules(join(folder, "main.js")), { message: /main\.js: cannot be joined/ }, line);
  }
  t.end();
});
