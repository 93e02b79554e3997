import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist*/", "node_modules*/", ".tap/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
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
    files: ["build/report/browser/**/*.ts", "src/browser/**/*.ts"],
    languageOptions: { parserOptions: { projectService: false, project: "tsconfig.browser.json" } },
  },
);
