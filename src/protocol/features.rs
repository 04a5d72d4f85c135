//! What a server says it can do (FEAT, RFC 2389).

use super::reply::Reply;

/// The answer to `FEAT`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Name and parameters, as the server wrote them.
    features: Vec<(String, String)>,
}

impl Features {
    /// The features in the reply to `FEAT`: its lines between the first and the last (RFC 2389 section
    /// 3.2). They should begin with one space; servers that write none, or several, or `211-`, are
    /// understood too. Any reply but a positive one of several lines means that there are none.
    pub fn parse(reply: &Reply) -> Features {
        if !reply.is_completion() {
            return Features::default();
        }
        let mut lines: Vec<&[u8]> = reply.lines().skip(1).collect();
        lines.pop();
        let features = lines
            .into_iter()
            .filter_map(|line| {
                let line = String::from_utf8_lossy(line);
                let name = line.split_whitespace().next()?;
                let parameters = line.trim().strip_prefix(name)?;
                Some((name.to_owned(), parameters.trim_start().to_owned()))
            })
            .collect();
        Features { features }
    }

    /// Whether the server named `name` (`EPSV`, `MLST`, `UTF8`), in whatever case.
    pub fn has(&self, name: &str) -> bool {
        self.parameters(name).is_some()
    }

    /// What the server wrote after `name`: `STREAM` for `REST STREAM`. Empty when there is nothing more
    /// than the name. When the name occurs on several lines, as `AUTH` may, this is the first;
    /// [`iter`](Self::iter) has all.
    pub fn parameters(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, parameters)| parameters)
    }

    /// The facts of MLST and MLSD, and whether the server sends each without being asked through `OPTS MLST`
    /// (marked by `*`; RFC 3659 section 7.8).
    pub fn mlst_facts(&self) -> impl Iterator<Item = (&str, bool)> {
        self.parameters("MLST").unwrap_or_default().split(';').filter_map(|fact| {
            let fact = fact.trim();
            let name = fact.trim_end_matches('*');
            (!name.is_empty()).then_some((name, name.len() < fact.len()))
        })
    }

    /// All features in the server's order: name and parameters.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.features.iter().map(|(name, parameters)| (name.as_str(), parameters.as_str()))
    }
}
