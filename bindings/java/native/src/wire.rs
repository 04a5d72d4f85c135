//! The form in which values cross: big-endian numbers, and byte strings behind their length (-1: none). `Wire.java` is the other side.

/// Bytes for Java.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    pub fn byte(&mut self, value: u8) -> &mut Self {
        self.bytes.push(value);
        self
    }

    pub fn flag(&mut self, value: bool) -> &mut Self {
        self.byte(u8::from(value))
    }

    pub fn int(&mut self, value: i32) -> &mut Self {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    pub fn long(&mut self, value: i64) -> &mut Self {
        self.bytes.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// A number that Java has no unsigned type for; what does not fit becomes the largest.
    pub fn count(&mut self, value: u64) -> &mut Self {
        self.long(i64::try_from(value).unwrap_or(i64::MAX))
    }

    pub fn string(&mut self, value: impl AsRef<[u8]>) -> &mut Self {
        let value = value.as_ref();
        // Replies, lines and listings have caps far below 2 GiB.
        self.int(i32::try_from(value.len()).unwrap_or(i32::MAX));
        self.bytes.extend_from_slice(value);
        self
    }

    pub fn optional(&mut self, value: Option<impl AsRef<[u8]>>) -> &mut Self {
        match value {
            Some(value) => self.string(value),
            None => self.int(-1),
        }
    }

    pub fn list(&mut self, values: &[&[u8]]) -> &mut Self {
        self.int(i32::try_from(values.len()).unwrap_or(i32::MAX));
        values.iter().fold(self, |writer, value| writer.string(value))
    }

    pub fn numbers(&mut self, values: &[u16]) -> &mut Self {
        self.int(i32::try_from(values.len()).unwrap_or(i32::MAX));
        values.iter().fold(self, |writer, value| writer.int(i32::from(*value)))
    }

    pub fn finish(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }
}

/// Bytes from Java. Every method answers `None` at a premature end.
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { rest: bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    pub fn flag(&mut self) -> Option<bool> {
        self.byte().map(|value| value != 0)
    }

    pub fn int(&mut self) -> Option<i32> {
        self.rest.split_off(..4)?.try_into().ok().map(i32::from_be_bytes)
    }

    pub fn long(&mut self) -> Option<i64> {
        self.rest.split_off(..8)?.try_into().ok().map(i64::from_be_bytes)
    }

    /// Not negative.
    pub fn count(&mut self) -> Option<u64> {
        u64::try_from(self.long()?).ok()
    }

    pub fn string(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.int()?).ok()?;
        self.rest.split_off(..length)
    }

    pub fn list(&mut self) -> Option<Vec<&'a [u8]>> {
        (0..self.int()?).map(|_| self.string()).collect()
    }

    pub fn numbers(&mut self) -> Option<Vec<u16>> {
        (0..self.int()?).map(|_| u16::try_from(self.int()?).ok()).collect()
    }

    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.string()?).ok()
    }
}
