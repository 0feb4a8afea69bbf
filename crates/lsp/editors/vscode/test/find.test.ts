import assert from "node:assert/strict";
import { test } from "node:test";

import { find, type Places, type Program } from "../src/find";

/** Looks among files, each written as its path. */
function among(files: string[], places: Partial<Places> = {}): Program | undefined {
  return find({
    configured: [],
    folders: ["/srv/shop"],
    interpreters: [],
    home: "/home/ann",
    env: { PATH: "/usr/local/bin:/usr/bin" },
    platform: "linux",
    isProgram: (file) => files.includes(file),
    subfolders: (folder) => {
      const below = files.filter((file) => file.startsWith(`${folder}/`));
      return [...new Set(below.map((file) => file.slice(folder.length + 1).split("/")[0] ?? ""))];
    },
    ...places,
  });
}

test("the places are tried in order", () => {
  const files = [
    "/srv/shop/.venv/bin/arrears",
    "/srv/shop/venv/bin/arrears",
    "/srv/shop/backend/.venv/bin/arrears",
    "/envs/shop/bin/arrears",
    "/srv/shop/node_modules/.bin/arrears",
    "/srv/shop/frontend/node_modules/.bin/arrears",
    "/usr/local/bin/arrears",
    "/usr/bin/arrears",
    "/home/ann/.cargo/bin/arrears",
    "/home/ann/.local/bin/arrears",
  ];
  for (let from = 0; from < files.length; from += 1) {
    const left = files.slice(from);
    assert.equal(among(left, { interpreters: ["/envs/shop/bin/python3"] })?.file, left[0]);
  }
  assert.equal(among([]), undefined);
});

test("the place tells the source", () => {
  assert.equal(among(["/srv/shop/venv/bin/arrears"])?.source, "virtual environment");
  assert.equal(among(["/srv/shop/node_modules/.bin/arrears"])?.source, "node_modules");
  assert.equal(among(["/usr/bin/arrears"])?.source, "PATH");
});

test("a setting wins, and is not passed over", () => {
  const files = ["/srv/shop/.venv/bin/arrears", "/opt/arrears", "/usr/bin/arrears"];
  assert.deepEqual(among(files, { configured: ["/nowhere", "/opt/arrears"] }), {
    file: "/opt/arrears",
    source: "setting",
    needsShell: false,
  });
  assert.equal(among(files, { configured: ["/nowhere"] }), undefined);
  assert.equal(among(files, { configured: [""] })?.file, "/srv/shop/.venv/bin/arrears");
});

test("variables in a setting are replaced", () => {
  const files = ["/srv/shop/tools/arrears", "/home/ann/bin/arrears", "/srv/blog/arrears"];
  const meant = (configured: string, places: Partial<Places> = {}) =>
    among(files, { configured: [configured], ...places })?.file;
  assert.equal(meant("tools/arrears"), "/srv/shop/tools/arrears");
  assert.equal(meant("${workspaceFolder}/tools/arrears"), "/srv/shop/tools/arrears");
  assert.equal(meant("~/bin/arrears"), "/home/ann/bin/arrears");
  assert.equal(meant("${userHome}/bin/arrears"), "/home/ann/bin/arrears");
  assert.equal(meant("${env:TOOLS}/arrears", { env: { TOOLS: "/srv/blog" } }), "/srv/blog/arrears");
  assert.equal(meant("${workspaceFolder}/arrears", { folders: ["/srv/shop", "/srv/blog"] }), "/srv/blog/arrears");
  assert.equal(meant("~ann/bin/arrears"), undefined);
});

test("an environment in node_modules or a hidden folder is none of ours", () => {
  assert.equal(among(["/srv/shop/node_modules/.venv/bin/arrears", "/srv/shop/.tox/venv/bin/arrears"]), undefined);
});

test("Windows has other names, and scripts need a shell", () => {
  const windows: Partial<Places> = {
    platform: "win32",
    folders: ["C:\\shop"],
    home: "C:\\Users\\ann",
    env: { Path: "C:\\tools;C:\\Windows" },
    subfolders: () => [],
  };
  assert.deepEqual(among(["C:\\shop\\.venv\\Scripts\\arrears.exe"], windows), {
    file: "C:\\shop\\.venv\\Scripts\\arrears.exe",
    source: "virtual environment",
    needsShell: false,
  });
  assert.equal(among(["C:\\shop\\node_modules\\.bin\\arrears.cmd"], windows)?.needsShell, true);
  assert.equal(among(["C:\\Windows\\arrears.exe"], windows)?.source, "PATH");
});

test("a file without a workspace is served too", () => {
  assert.equal(among(["/usr/bin/arrears"], { folders: [] })?.file, "/usr/bin/arrears");
});
