//! Names of languages: codes, variables that hold one, and what languages call themselves.

/// The codes that a catalogue or a comparison may be named by: ISO 639-1, and countries that people write in their place.
const CODES: &[&str] = &[
    "af", "am", "ar", "as", "ay", "az", "be", "bg", "bi", "bm", "bn", "bo", "br", "bs", "ca", "cn", "co", "cs", "cv",
    "cy", "cz", "da", "de", "dk", "dv", "dz", "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi", "fil", "fj",
    "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gr", "gu", "gv", "ha", "he", "hi", "hr", "ht", "hu", "hy", "id", "ig",
    "in", "is", "it", "iw", "ja", "jp", "jv", "ka", "kk", "kl", "km", "kn", "ko", "kr", "ku", "ky", "lb", "lg", "ln",
    "lo", "lt", "lv", "mg", "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "nb", "ne", "nl", "nn", "no", "np", "oc",
    "om", "or", "pa", "pl", "ps", "pt", "qu", "rm", "rn", "ro", "ru", "rw", "sa", "sd", "se", "si", "sk", "sl", "sm",
    "sn", "so", "sq", "sr", "ss", "st", "su", "sv", "sw", "ta", "te", "tg", "th", "ti", "tk", "tl", "tr", "tt", "tw",
    "ua", "ug", "uk", "ur", "uz", "vi", "vn", "zh",
];

/// What languages are called in English.
const NAMES: &[&str] = &[
    "afrikaans",
    "albanian",
    "amharic",
    "arabic",
    "armenian",
    "azerbaijani",
    "basque",
    "bengali",
    "bosnian",
    "brazilian",
    "bulgarian",
    "burmese",
    "cantonese",
    "catalan",
    "chinese",
    "croatian",
    "czech",
    "danish",
    "dutch",
    "english",
    "estonian",
    "farsi",
    "filipino",
    "finnish",
    "french",
    "georgian",
    "german",
    "greek",
    "gujarati",
    "hebrew",
    "hindi",
    "hungarian",
    "icelandic",
    "indonesian",
    "italian",
    "japanese",
    "kannada",
    "kazakh",
    "khmer",
    "korean",
    "kurdish",
    "latvian",
    "lithuanian",
    "macedonian",
    "malay",
    "malayalam",
    "mandarin",
    "marathi",
    "mongolian",
    "nepali",
    "norwegian",
    "pashto",
    "persian",
    "polish",
    "portuguese",
    "punjabi",
    "romanian",
    "russian",
    "serbian",
    "sinhala",
    "slovak",
    "slovenian",
    "somali",
    "spanish",
    "swahili",
    "swedish",
    "tagalog",
    "tamil",
    "telugu",
    "thai",
    "turkish",
    "ukrainian",
    "urdu",
    "uzbek",
    "vietnamese",
];

/// What languages call themselves, as far as that is not written in Latin letters.
const ENDONYMS: &[&str] = &[
    "नेपाली",
    "नेपाल भाषा",
    "हिन्दी",
    "हिंदी",
    "मराठी",
    "संस्कृतम्",
    "मैथिली",
    "भोजपुरी",
    "বাংলা",
    "অসমীয়া",
    "ਪੰਜਾਬੀ",
    "ગુજરાતી",
    "ଓଡ଼ିଆ",
    "தமிழ்",
    "తెలుగు",
    "ಕನ್ನಡ",
    "മലയാളം",
    "සිංහල",
    "ไทย",
    "ภาษาไทย",
    "ລາວ",
    "မြန်မာ",
    "ខ្មែរ",
    "ქართული",
    "հայերեն",
    "አማርኛ",
    "अंग्रेजी",
    "अंग्रेज़ी",
    "الإنجليزية",
    "إنجليزي",
    "انجليزي",
    "العربيه",
    "英语",
    "英語",
    "英文",
    "영어",
    "английский",
    "англійська",
    "อังกฤษ",
    "انگلیسی",
    "ትግርኛ",
    "한국어",
    "日本語",
    "中文",
    "简体中文",
    "繁體中文",
    "繁体中文",
    "简体",
    "繁體",
    "繁体",
    "正體中文",
    "台灣",
    "香港",
    "汉语",
    "漢語",
    "普通话",
    "粵語",
    "русский",
    "русский язык",
    "українська",
    "беларуская",
    "български",
    "српски",
    "македонски",
    "ελληνικά",
    "қазақ",
    "қазақша",
    "қазақ тілі",
    "кыргызча",
    "тоҷикӣ",
    "ўзбек",
    "монгол",
    "татарча",
    "العربية",
    "عربي",
    "عربى",
    "فارسی",
    "اردو",
    "עברית",
    "پښتو",
    "کوردی",
    "ئۇيغۇرچە",
];

/// Returns whether a text is the code of a language, with or without a region: `ne`, `pt-BR`, `zh_Hans`.
pub fn is_code(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let is_listed = parts.next().is_some_and(|it| CODES.iter().any(|code| it.eq_ignore_ascii_case(code)));
    let mut count = 0;
    is_listed
        && parts.all(|part| {
            count += 1;
            count <= 2 && matches!(part.len(), 2..=4) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Returns the code of a language without its region, in lower case.
pub fn base(code: &str) -> String {
    code.split(['-', '_']).next().unwrap_or(code).to_ascii_lowercase()
}

/// Returns whether a word is what a language is called in English.
pub fn is_english_name(word: &str) -> bool {
    NAMES.iter().any(|name| word.eq_ignore_ascii_case(name))
}

/// Returns whether a text is nothing but names of languages, as a picker shows them: `नेपाली`, `English / 日本語`.
pub fn is_name(text: &str) -> bool {
    let mut any = false;
    let all = text
        .split(['/', '(', ')', '（', '）', '|', ',', '·', '-', '–', '—'])
        .map(|part| part.trim_matches(|it: char| !it.is_alphanumeric() && !is_mark(it)))
        .filter(|part| !part.is_empty())
        .all(|part| {
            any = true;
            let lower = part.to_lowercase();
            is_english_name(&lower) || is_code(&lower) || ENDONYMS.contains(&lower.as_str())
        });
    any && all
}

/// Vowel signs and the like, which end words of Indic scripts.
fn is_mark(letter: char) -> bool {
    matches!(u32::from(letter), 0x0300..=0x036F | 0x0590..=0x05C7 | 0x064B..=0x065F | 0x0900..=0x0DFF | 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x200C..=0x200D)
}

/// Returns whether a variable of this name holds a language: `currentLanguage`, `lang`, `locale`, `UI_LANG`.
pub fn is_variable(name: &str) -> bool {
    words(name).any(|word| ["lang", "language", "locale", "lng"].iter().any(|it| word.eq_ignore_ascii_case(it)))
}

/// Returns whether a variable of this name says that one language is chosen: `isNepali`, `is_hindi`, `isEn`.
pub fn is_flag(name: &str) -> bool {
    let mut parts = words(name);
    let is_question = parts.next().is_some_and(|first| first.eq_ignore_ascii_case("is"));
    is_question && parts.any(is_flagged)
}

/// Returns whether a word names a language where a variable says `is` before it.
fn is_flagged(word: &str) -> bool {
    const SHORT: &[&str] = &[
        "en", "np", "ne", "hi", "ar", "fr", "de", "es", "ru", "zh", "cn", "ja", "jp", "ko", "fa", "he", "pt", "bn",
        "ur", "ta", "th", "vi",
    ];
    is_english_name(word) || SHORT.iter().any(|it| word.eq_ignore_ascii_case(it))
}

/// Returns whether a variable of this name says that text runs from right to left: `isRTL`.
pub fn is_direction(name: &str) -> bool {
    words(name).any(|word| word.eq_ignore_ascii_case("rtl"))
}

/// Returns whether a literal that is compared with a variable of [`is_variable`] is a language.
pub fn is_language(literal: &str) -> bool {
    is_code(literal) || is_english_name(literal) || is_name(literal)
}

/// Returns whether a text holds a name that may be of [`is_variable`] or [`is_flag`]; cheap.
pub fn may_choose(text: &str) -> bool {
    let bytes = text.as_bytes();
    let any = |word: &str| memchr::memmem::find(bytes, word.as_bytes()).is_some();
    any("lang")
        || any("Lang")
        || any("LANG")
        || any("locale")
        || any("Locale")
        || any("LOCALE")
        || any("lng")
        || any("RTL")
        || any("Rtl")
        || memchr::memmem::find_iter(bytes, b"is").any(|at| {
            if at > 0 && bytes[at - 1].is_ascii_alphanumeric() {
                return false;
            }
            let rest = text.get(at + 2..).unwrap_or("");
            let rest = rest.strip_prefix('_').unwrap_or(rest);
            let word = rest.split(|it: char| !it.is_ascii_alphabetic()).next().unwrap_or("");
            !word.is_empty() && words(word).next().is_some_and(is_flagged)
        })
}

/// Returns the words of a name in camel case or snake case.
pub fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|it: char| !it.is_alphanumeric())
        .flat_map(|part| {
            let mut from = 0;
            let mut ends: Vec<usize> = Vec::new();
            let bytes = part.as_bytes();
            for at in 1..bytes.len() {
                let next_is_lower = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
                if bytes[at].is_ascii_uppercase() && (bytes[at - 1].is_ascii_lowercase() || next_is_lower) {
                    ends.push(at);
                }
            }
            ends.push(part.len());
            ends.into_iter().map(move |end| {
                let word = part.get(from..end).unwrap_or("");
                from = end;
                word
            })
        })
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{is_code, is_flag, is_name, is_variable, may_choose, words};

    #[test]
    fn codes_may_have_a_region() {
        let found = ["en", "NP", "pt-BR", "zh_Hans_TW", "js", "en-", "english", "config"].map(is_code);
        assert_eq!(found, [true, true, true, true, false, false, false, false]);
    }

    #[test]
    fn a_picker_shows_names_of_languages() {
        let found = ["नेपाली", "English / नेपाली", "中文（繁體）", "Language / भाषा", "सेभ", ""].map(is_name);
        assert_eq!(found, [true, true, true, false, false, false]);
    }

    #[test]
    fn names_of_variables_tell_that_they_hold_a_language() {
        assert_eq!(
            ["lang", "currentLanguage", "i18n_lng", "slang", "angle"].map(is_variable),
            [true, true, true, false, false]
        );
        assert_eq!(
            ["isNepali", "is_hindi", "isEn", "isEnabled", "isIt", "nepali"].map(is_flag),
            [true, true, true, false, false, false]
        );
        assert!(may_choose("const x = isNepali ? 1 : 2") && !may_choose("const isOpen = this.is"));
    }

    #[test]
    fn names_are_split_at_capitals() {
        let found: Vec<&str> = words("isNepaliUI_on").collect();
        assert_eq!(found, ["is", "Nepali", "UI", "on"]);
    }
}
