// Bundles the extension, or with `--test` the tests, into dist/.
import { build } from "esbuild";

const isTest = process.argv.includes("--test");
const isSmall = process.argv.includes("--minify");

await build({
  entryPoints: isTest ? ["test/find.test.ts", "test/page.test.ts"] : ["src/extension.ts"],
  outdir: isTest ? "dist/test" : "dist",
  bundle: true,
  platform: "node",
  target: "node18",
  format: "cjs",
  external: ["vscode"],
  minify: isSmall,
  sourcemap: isSmall ? false : "linked",
});
