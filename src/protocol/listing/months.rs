//! The names of months in the languages that servers' locales speak.

/// Names from January on; further names of the same month after a blank.
struct Language {
    months: [&'static str; 12],
}

/// English first: nearly every server. No word of three letters or more means different months in two of them (a test
/// sees to that), so that the words alone tell; Croatian is left out because it shares some with Czech and Polish.
const LANGUAGES: [Language; 17] = [
    language([
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]),
    // German; Austrian.
    language([
        "januar jänner jan jaenner",
        "februar feber",
        "märz mrz maerz",
        "april",
        "mai",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "dezember",
    ]),
    // French.
    language([
        "janvier",
        "février fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août aout",
        "septembre",
        "octobre",
        "novembre",
        "décembre decembre",
    ]),
    // Spanish.
    language([
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ]),
    // Italian.
    language([
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ]),
    // Portuguese.
    language([
        "janeiro",
        "fevereiro",
        "março marco",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ]),
    // Dutch.
    language([
        "januari",
        "februari",
        "maart mrt",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ]),
    // Swedish, Danish, Norwegian.
    language([
        "januari januar",
        "februari februar",
        "mars marts",
        "april",
        "maj mai",
        "juni",
        "juli",
        "augusti august",
        "september",
        "oktober",
        "november",
        "december desember",
    ]),
    // Finnish.
    language([
        "tammikuu",
        "helmikuu",
        "maaliskuu",
        "huhtikuu",
        "toukokuu",
        "kesäkuu",
        "heinäkuu",
        "elokuu",
        "syyskuu",
        "lokakuu",
        "marraskuu",
        "joulukuu",
    ]),
    // Polish, also in the genitive.
    language([
        "styczeń stycznia",
        "luty lutego",
        "marzec marca",
        "kwiecień kwietnia",
        "maj maja",
        "czerwiec czerwca",
        "lipiec lipca",
        "sierpień sierpnia",
        "wrzesień września",
        "październik paz",
        "listopad",
        "grudzień grudnia",
    ]),
    // Czech, also in the genitive.
    language([
        "leden ledna",
        "únor",
        "březen března",
        "duben dubna",
        "květen května",
        "červen čen června",
        "červenec čec července",
        "srpen srpna",
        "září",
        "říjen října",
        "listopad",
        "prosinec",
    ]),
    // Slovak.
    language([
        "január",
        "február",
        "marec",
        "apríl",
        "máj",
        "jún",
        "júl",
        "august",
        "september",
        "október",
        "november",
        "december",
    ]),
    // Hungarian.
    language([
        "január",
        "február",
        "március",
        "április",
        "május",
        "június",
        "július",
        "augusztus",
        "szeptember",
        "október",
        "november",
        "december",
    ]),
    // Russian, also in the genitive.
    language([
        "январь января",
        "февраль",
        "март",
        "апрель",
        "май мая",
        "июнь июня",
        "июль июля",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ]),
    // Turkish.
    language([
        "ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım",
        "aralık",
    ]),
    // Romanian.
    language([
        "ianuarie",
        "februarie",
        "martie",
        "aprilie",
        "mai",
        "iunie",
        "iulie",
        "august",
        "septembrie",
        "octombrie",
        "noiembrie nov",
        "decembrie",
    ]),
    // Greek.
    language([
        "ιανουάριος",
        "φεβρουάριος",
        "μάρτιος μαρ",
        "απρίλιος",
        "μάιος μάϊ μαι",
        "ιούνιος ιουν",
        "ιούλιος ιουλ",
        "αύγουστος αυγ",
        "σεπτέμβριος",
        "οκτώβριος",
        "νοέμβριος νοε",
        "δεκέμβριος",
    ]),
];

const fn language(months: [&'static str; 12]) -> Language {
    Language { months }
}

/// What is shorter is no abbreviation of a month's name.
const SHORTEST: usize = 3;

/// The month (1 to 12) that a word names, in full or by its beginning, in any case, with or without point or comma. `None` also where it might
/// be two.
pub(super) fn month_number(word: &str) -> Option<u8> {
    let word = word.trim_end_matches(['.', ',']);
    if let Some(month) = english_abbreviation(word) {
        return Some(month);
    }
    if word.chars().count() < SHORTEST {
        return None;
    }
    let word = word.to_lowercase();
    let named = |is_named: &dyn Fn(&str) -> bool| {
        let mut months = LANGUAGES.iter().flat_map(|language| {
            (1..)
                .zip(language.months)
                .filter(|(_, names)| names.split(' ').any(is_named))
                .map(|(month, _)| month)
        });
        let first = months.next()?;
        months.all(|month| month == first).then_some(first)
    };
    // Whole names first: the Czech June is the beginning of July.
    named(&|name| name == word).or_else(|| named(&|name| name.starts_with(&word)))
}

/// What nearly every server writes, found soon.
fn english_abbreviation(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    (1..).zip(MONTHS).find(|(_, month)| word.eq_ignore_ascii_case(month)).map(|(month, _)| month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_beginning_of_a_name_that_only_one_month_of_its_language_has_means_another_elsewhere() {
        for (index, language) in LANGUAGES.iter().enumerate() {
            for (month, names) in (1..).zip(language.months) {
                for name in names.split(' ') {
                    let letters: Vec<char> = name.chars().collect();
                    for length in SHORTEST..=letters.len() {
                        let word: String = letters[..length].iter().collect();
                        let months_here = language
                            .months
                            .iter()
                            .filter(|names| names.split(' ').any(|name| name.starts_with(&word)))
                            .count();
                        // The Finnish November's, which no Finnish server writes.
                        if months_here == 1 && word != "mar" {
                            assert_eq!(month_number(&word), Some(month), "{word} of language {index}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_might_be_two_months_or_none_is_neither() {
        for word in ["jui", "čer", "ju", "foo", "januaryx", ""] {
            assert_eq!(month_number(word), None, "{word}");
        }
    }
}
