//! What an endpoint is for, as its name says.

/// Words of endpoints that take credentials, or hand them out.
const CREDENTIALS: [&str; 34] = [
    "login",
    "signin",
    "signon",
    "logon",
    "authenticate",
    "auth",
    "register",
    "registration",
    "signup",
    "token",
    "tokens",
    "jwt",
    "password",
    "passwords",
    "otp",
    "totp",
    "mfa",
    "2fa",
    "verify",
    "verification",
    "activate",
    "activation",
    "confirm",
    "forgot",
    "magic",
    "oauth",
    "oauth2",
    "oidc",
    "sso",
    "saml",
    "social",
    "credential",
    "passkey",
    "webauthn",
];

/// Words of endpoints that somebody without an account is meant to call.
const OPEN: [&str; 39] = [
    "logout",
    "signout",
    "session",
    "webhook",
    "webhooks",
    "hook",
    "hooks",
    "callback",
    "callbacks",
    "health",
    "healthz",
    "healthcheck",
    "ping",
    "ready",
    "live",
    "status",
    "csrf",
    "csp",
    "captcha",
    "contact",
    "feedback",
    "newsletter",
    "subscribe",
    "subscription",
    "unsubscribe",
    "invite",
    "invitation",
    "join",
    "beacon",
    "telemetry",
    "track",
    "tracking",
    "survey",
    "setup",
    "ipn",
    "notify",
    "graphql",
    "public",
    "anonymous",
];

/// Returns whether an endpoint of this name takes credentials.
pub fn takes_credentials(name: &str) -> bool {
    words(name).any(|word| CREDENTIALS.contains(&word.as_str()))
}

/// Returns whether an endpoint of this name is open on purpose.
pub fn is_open_on_purpose(name: &str) -> bool {
    takes_credentials(name) || words(name).any(|word| OPEN.contains(&word.as_str()))
}

/// Returns the words of a name in lower case: of `PasswordResetView`, `password_reset`, `SignUp`, also `signup`.
fn words(name: &str) -> impl Iterator<Item = String> {
    let words = crate::naming::words(name);
    let pairs: Vec<String> = words.windows(2).map(|pair| pair.concat()).collect();
    words.into_iter().chain(pairs)
}

/// Returns whether the text of a function looks at who calls: it asks for the user's rights, for a key, a signature.
pub fn checks_caller(body: &str) -> bool {
    const MARKS: [&str; 39] = [
        "is_authenticated",
        "is_anonymous",
        "is_staff",
        "is_superuser",
        "PermissionDenied",
        "NotAuthenticated",
        "AuthenticationFailed",
        "has_perm",
        "check_object_permissions",
        "check_permissions",
        "HTTP_401",
        "HTTP_403",
        "status=401",
        "status=403",
        "HttpResponseForbidden",
        "api_key",
        "apikey",
        "API_KEY",
        "signature",
        "Signature",
        "hmac",
        "compare_digest",
        "construct_event",
        "secret",
        "SECRET",
        "check_token",
        "verify_token",
        "captcha",
        "signing",
        "Authorization",
        "HMAC",
        "hmac_",
        "Signed",
        "signed",
        "session_user",
        "request.session",
        "current_user",
        "login_required",
        "request.user",
    ];
    MARKS.iter().any(|mark| body.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::{is_open_on_purpose, takes_credentials};

    #[test]
    fn names_are_read_word_by_word() {
        let asked =
            ["PasswordResetView", "sign_up", "SignUpAPI", "TokenObtain", "DesignView", "LoginlessView", "OTPVerify"];
        let found: Vec<bool> = asked.iter().map(|it| takes_credentials(it)).collect();
        assert_eq!(found, [true, true, true, true, false, false, true]);
        assert!(is_open_on_purpose("StripeWebhook") && !is_open_on_purpose("OrderViewSet"));
    }
}
