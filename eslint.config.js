import n from "eslint-plugin-n";
import tseslint from "typescript-eslint";

export default tseslint.config(
  // deploy/aws has packages of its own, which only .ci/aws installs: it lints there, by these rules.
  { ignores: ["dist*/", "node_modules*/", ".tap/", "deploy/aws/"] },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { n },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // The declarations are those of a later Node.js than the oldest that `engines` in package.json names.
      "n/no-unsupported-features/node-builtins": [
        "error",
        {
          ignores: [
            // Node.js 20 has them, and calls them experimental.
            "import.meta.dirname",
            "import.meta.filename",
            "fs.cpSync",
            "zlib.crc32",
            "module.register",
            // Used where it is there.
            "zlib.createZstdDecompress",
          ],
        },
      ],
      "@typescript-eslint/no-floating-promises": "error",
      // `array[i]!` is how a typed array is read under noUncheckedIndexedAccess: the bounds are checked once, when the index is loaded.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      eqeqeq: "error",
      // Prettier holds the code to it; comments it leaves alone.
      "max-len": [
        "error",
        { code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true },
      ],
    },
  },
  {
    // Templates of CloudFormation have no types.
    files: ["deploy/aws/test/**/*.ts"],
    rules: Object.fromEntries(
      ["no-unsafe-member-access", "no-unsafe-assignment", "no-unsafe-return", "no-unsafe-call"].map((rule) => [
        `@typescript-eslint/${rule}`,
        "off",
      ]),
    ),
  },
  {
    files: ["ui/**/*.ts", "ui/**/*.tsx", "embed/*.ts", "test/ui/page/*.ts"],
    languageOptions: { parserOptions: { projectService: false, project: "tsconfig.browser.json" } },
    // What Node.js has does not bind a browser.
    rules: { "n/no-unsupported-features/node-builtins": "off" },
  },
);
