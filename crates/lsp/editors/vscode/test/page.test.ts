import assert from "node:assert/strict";
import { test } from "node:test";

import { isCode, markdown } from "../src/page";

test("a code is two words with a slash", () => {
  assert.ok(isCode("errors/bare-except"));
  assert.ok(isCode("i18n/not-initialised"));
  for (const word of ["errors", "a/b/c", "a/b;c", "-a/b", "a/$(b)", "A/b", "a /b", ""]) {
    assert.ok(!isCode(word), word);
  }
});

test("the first line becomes a heading, the last a link", () => {
  const page = "errors/bare-except: bare `except`\nerror, preset recommended\n\nText.\n\nhttps://example.org/x.rs\n";
  const expected =
    "# errors/bare-except\n\n**bare `except`**\n\nerror, preset recommended\n\nText.\n\n\n<https://example.org/x.rs>\n";
  assert.equal(markdown(page), expected);
});

test("what is Markdown already is left alone", () => {
  assert.equal(markdown("# errors/bare-except\n\nText.\n"), "# errors/bare-except\n\nText.\n");
  assert.equal(markdown(""), "\n");
});

test("examples are headed", () => {
  const page = "Text.\n\n```python bad\nx\n```\n```python good\ny\n```\n";
  assert.equal(markdown(page), "Text.\n\n\nBad:\n\n```python\nx\n```\n\nGood:\n\n```python\ny\n```\n");
});
