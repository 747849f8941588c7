//! The words of mails and of the pages that their links lead to, in the languages that the web client has.
//!
//! Numbers stand after a colon, so that no language has to bend a word for them.

/// What stands in braces is filled in.
pub struct Words {
    pub tag: &'static str,
    pub right_to_left: bool,
    pub digest_subject: &'static str,
    pub digest_intro: &'static str,
    pub hidden_intro: &'static str,
    pub open: &'static str,
    pub more: &'static str,
    pub direct: &'static str,
    pub why: &'static str,
    pub stop: &'static str,
    pub confirm_subject: &'static str,
    pub confirm_intro: &'static str,
    pub confirm_else: &'static str,
    pub confirm_question: &'static str,
    pub confirm: &'static str,
    pub confirmed: &'static str,
    pub stop_question: &'static str,
    pub stopped: &'static str,
    pub useless: &'static str,
}

/// The words of a language tag, or the English ones.
pub fn of(tag: Option<&str>) -> &'static Words {
    let language = tag.and_then(|tag| tag.split('-').next()).unwrap_or_default().to_ascii_lowercase();
    ALL.into_iter().find(|words| words.tag == language).unwrap_or(&ENGLISH)
}

/// A text with what stands for its names. A value is never looked at for names itself.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        filled.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

const ALL: [&Words; 4] = [&ENGLISH, &GERMAN, &SPANISH, &ARABIC];

const ENGLISH: Words = Words {
    tag: "en",
    right_to_left: false,
    digest_subject: "Unread messages on {server}: {count}",
    digest_intro: "While you were away, these messages came for you.",
    hidden_intro: "While you were away, messages came for you. Names and texts are left out, as you asked.",
    open: "Open the conversation",
    more: "More: {count}",
    direct: "Direct message",
    why: "You get this e-mail because you asked for a summary of what you miss.",
    stop: "Stop these e-mails",
    confirm_subject: "Confirm your e-mail address for {server}",
    confirm_intro: "The account @{user} on {server} wants to get e-mails at this address. If that is you, confirm it within two days:",
    confirm_else: "If it is not you, there is nothing to do: without your answer, no more e-mails come.",
    confirm_question: "May the account @{user} get e-mails at {address}?",
    confirm: "Confirm the address",
    confirmed: "The address is confirmed. You can close this page.",
    stop_question: "Shall the account @{user} get no more summaries by e-mail?",
    stopped: "No more summaries will come. In the settings you can ask for them again.",
    useless: "This link does not work any more. You may have used it already, or a newer one has taken its place.",
};

const GERMAN: Words = Words {
    tag: "de",
    right_to_left: false,
    digest_subject: "Ungelesene Nachrichten auf {server}: {count}",
    digest_intro: "Während du weg warst, sind diese Nachrichten für dich gekommen.",
    hidden_intro: "Während du weg warst, sind Nachrichten für dich gekommen. Namen und Texte fehlen hier, weil du es so wolltest.",
    open: "Unterhaltung öffnen",
    more: "Weitere: {count}",
    direct: "Direktnachricht",
    why: "Du bekommst diese E-Mail, weil du eine Zusammenfassung dessen wolltest, was du verpasst.",
    stop: "Diese E-Mails abbestellen",
    confirm_subject: "Bestätige deine E-Mail-Adresse für {server}",
    confirm_intro: "Das Konto @{user} auf {server} möchte E-Mails an diese Adresse bekommen. Wenn du das bist, bestätige sie innerhalb von zwei Tagen:",
    confirm_else: "Wenn du es nicht bist, brauchst du nichts zu tun: Ohne deine Antwort kommen keine weiteren E-Mails.",
    confirm_question: "Darf das Konto @{user} E-Mails an {address} bekommen?",
    confirm: "Adresse bestätigen",
    confirmed: "Die Adresse ist bestätigt. Du kannst diese Seite schließen.",
    stop_question: "Soll das Konto @{user} keine Zusammenfassungen per E-Mail mehr bekommen?",
    stopped: "Es kommen keine Zusammenfassungen mehr. In den Einstellungen kannst du sie wieder bestellen.",
    useless: "Dieser Link funktioniert nicht mehr. Vielleicht hast du ihn schon benutzt, oder ein neuerer hat ihn ersetzt.",
};

const SPANISH: Words = Words {
    tag: "es",
    right_to_left: false,
    digest_subject: "Mensajes sin leer en {server}: {count}",
    digest_intro: "Mientras no estabas, llegaron estos mensajes para ti.",
    hidden_intro: "Mientras no estabas, llegaron mensajes para ti. Los nombres y los textos se omiten, como pediste.",
    open: "Abrir la conversación",
    more: "Más: {count}",
    direct: "Mensaje directo",
    why: "Recibes este correo porque pediste un resumen de lo que te pierdes.",
    stop: "Dejar de recibir estos correos",
    confirm_subject: "Confirma tu dirección de correo para {server}",
    confirm_intro: "La cuenta @{user} de {server} quiere recibir correos en esta dirección. Si eres tú, confírmala en un plazo de dos días:",
    confirm_else: "Si no eres tú, no hace falta que hagas nada: sin tu respuesta no llegarán más correos.",
    confirm_question: "¿Puede la cuenta @{user} recibir correos en {address}?",
    confirm: "Confirmar la dirección",
    confirmed: "La dirección está confirmada. Puedes cerrar esta página.",
    stop_question: "¿Quieres que la cuenta @{user} deje de recibir resúmenes por correo?",
    stopped: "Ya no llegarán más resúmenes. Puedes volver a pedirlos en los ajustes.",
    useless: "Este enlace ya no funciona. Quizá ya lo usaste, o uno más reciente lo ha sustituido.",
};

const ARABIC: Words = Words {
    tag: "ar",
    right_to_left: true,
    digest_subject: "رسائل غير مقروءة على {server}: {count}",
    digest_intro: "وصلتك هذه الرسائل أثناء غيابك.",
    hidden_intro: "وصلتك رسائل أثناء غيابك. حُذفت الأسماء والنصوص كما طلبت.",
    open: "فتح المحادثة",
    more: "المزيد: {count}",
    direct: "رسالة مباشرة",
    why: "تصلك هذه الرسالة لأنك طلبت ملخصًا بما يفوتك.",
    stop: "إيقاف هذه الرسائل",
    confirm_subject: "أكّد عنوان بريدك الإلكتروني على {server}",
    confirm_intro: "يريد الحساب @{user} على {server} تلقي رسائل بريد إلكتروني على هذا العنوان. إن كان هذا حسابك فأكّد العنوان خلال يومين:",
    confirm_else: "إن لم يكن حسابك فلا حاجة إلى فعل شيء: لن تصلك رسائل أخرى دون تأكيدك.",
    confirm_question: "هل يُسمح للحساب @{user} بتلقي رسائل البريد على {address}؟",
    confirm: "تأكيد العنوان",
    confirmed: "تم تأكيد العنوان. يمكنك إغلاق هذه الصفحة.",
    stop_question: "هل تريد ألا يتلقى الحساب @{user} ملخصات بالبريد بعد الآن؟",
    stopped: "لن تصلك ملخصات أخرى. يمكنك طلبها مجددًا من الإعدادات.",
    useless: "لم يعد هذا الرابط صالحًا. ربما استخدمته من قبل، أو حلّ محله رابط أحدث.",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_choose_words() {
        for (tag, found) in
            [(None, "en"), (Some("de-AT"), "de"), (Some("AR"), "ar"), (Some("fr"), "en"), (Some(""), "en")]
        {
            assert_eq!(of(tag).tag, found);
        }
    }

    #[test]
    fn values_are_not_filled_again() {
        let values = [("user", "{count}"), ("count", "3")];
        assert_eq!(fill("a {user} b {count} {none}c", &values), "a {count} b 3 c");
        assert_eq!(fill("{", &values), "{");
    }

    #[test]
    fn every_language_says_the_same_things() {
        let names = |text: &str| text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).count();
        for words in ALL {
            for (text, count) in [
                (words.digest_subject, 2),
                (words.more, 1),
                (words.confirm_subject, 1),
                (words.confirm_intro, 2),
                (words.confirm_question, 2),
                (words.stop_question, 1),
            ] {
                assert_eq!(names(text), count, "{text}");
            }
        }
    }
}
