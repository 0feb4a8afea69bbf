//! See [`RULE`].

use std::cell::OnceCell;

use arrears_core::source::Family;
use arrears_linter::context::FileContext;
use arrears_linter::rule;
use arrears_linter::rule::Check;
use arrears_model::script::binding::Bindings;
use arrears_model::script::storage::{persisted_token, stored_token};
use arrears_syntax::node::{range, text};
use arrears_syntax::script::called_name;

rule! {
    /// Finds tokens that an app keeps on the device without encryption.
    ///
    /// `AsyncStorage` is a plain file. A backup holds it, and so does a lost phone, a debug bridge, any app on a rooted
    /// one. Whoever has the token is the user.
    ///
    /// ```ts bad
    /// import AsyncStorage from "@react-native-async-storage/async-storage";
    ///
    /// export async function keep(tokens: Tokens) {
    ///   await AsyncStorage.setItem("refreshToken", tokens.refresh);
    /// }
    /// ```
    /// ```ts good
    /// import * as SecureStore from "expo-secure-store";
    ///
    /// export async function keep(tokens: Tokens) {
    ///   await SecureStore.setItemAsync("refreshToken", tokens.refresh);
    /// }
    /// ```
    ///
    /// Looked at: `AsyncStorage`, MMKV without `encryptionKey`, and Zustand's `persist` on either, by the fields that it
    /// keeps. Not flagged: SecureStore, the Keychain, encrypted MMKV, push tokens, what is only said about a token. No
    /// other linter has this rule.
    pub(crate) const RULE = {
        code: "security/token-in-plain-native-storage",
        summary: "token is stored unencrypted on the device",
        check: Check::File { language: Family::Script, kinds: &["call_expression"], run: check },
        mentions: &["AsyncStorage", "MMKV", "createMMKV"],
        security_severity: "5.5",
    }
}

fn check(ctx: &mut FileContext<'_, '_>) {
    if ctx.script().is_test_code() {
        return;
    }
    let (root, source, facts) = (ctx.root(), ctx.text(), ctx.script());
    let bindings = OnceCell::new();
    for note in ctx.noted() {
        let node = note.node;
        if !matches!(called_name(node, source), Some("setItem" | "set" | "multiSet" | "mergeItem" | "persist")) {
            continue;
        }
        let bindings: &Bindings<'_, '_> = bindings.get_or_init(|| Bindings::read(root, source));
        let stored = stored_token(node, bindings, source).or_else(|| persisted_token(node, facts, bindings, source));
        let Some(stored) = stored.filter(|stored| !stored.area.is_web()) else { continue };
        let name = text(stored.evidence, source).trim_matches(['"', '\'', '`']);
        let message = format!("`{name}` lies unencrypted on the device, in `{}`", stored.area.name());
        let finding = ctx.report(range(stored.place), message);
        finding.help("keep it in `expo-secure-store` or the Keychain");
        if stored.place.kind() != "member_expression" {
            finding.label(range(stored.evidence), "the token");
        }
    }
}
