//! Records as bytes: what they are about, then the fields that they say, each with its number and its length.
//!
//! A reader that knows a field reads it whole; one that does not steps over it and says so. Fields stand in the order of their
//! numbers, each once, so that one record has one form.

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DocumentId, PersonId};

use super::reader::Reader;
use super::writer::Writer;
use super::{Wire, WireError};
use crate::limits;
use crate::record::{
    Decoded, Dimensions, FavouriteWrite, FileWrite, MemberWrite, Order, PlaceWrite, Position, Record,
    is_file_name, is_media,
};
use crate::rest;

/// What a record is about.
mod thing {
    pub const PLACE: u8 = 1;
    pub const MEMBER: u8 = 2;
    pub const FAVOURITE: u8 = 3;
    pub const FILE: u8 = 4;
}

/// The fields of a place.
mod place {
    pub const POSITION: u8 = 1;
    pub const ICON: u8 = 2;
    pub const TRASHED: u8 = 3;
    pub const SCHEMA: u8 = 4;
}

/// The fields of a file.
mod file {
    pub const HASH: u8 = 1;
    pub const SIZE: u8 = 2;
    pub const MEDIA: u8 = 3;
    pub const NAME: u8 = 4;
    pub const DIMENSIONS: u8 = 5;
}

/// The one field of a member and of a favourite.
const ONLY: u8 = 1;

/// Bytes of an id: a file's is the beginning of its hash.
const ID: usize = 16;

/// The form of a snapshot of records.
const FORM: u8 = 1;

/// Returns a record's bytes.
pub fn encode_record(record: &Record) -> Bytes {
    let mut to = Writer::with_capacity(64);
    match record {
        Record::Place(write) => {
            to.byte(thing::PLACE);
            write.document.write(&mut to);
            field(&mut to, place::POSITION, write.position.as_ref(), |value, to| {
                value.parent.write(to);
                to.fixed(value.order.as_bytes());
            });
            field(&mut to, place::ICON, write.icon.as_ref(), |value, to| to.fixed(value.as_bytes()));
            field(&mut to, place::TRASHED, write.trashed, |value, to| to.byte(value.into()));
            field(&mut to, place::SCHEMA, write.schema, |value, to| to.varint(value.into()));
        }
        Record::Member(write) => {
            to.byte(thing::MEMBER);
            write.person.write(&mut to);
            field(&mut to, ONLY, Some(&write.name), |value, to| to.fixed(value.as_bytes()));
        }
        Record::Favourite(write) => {
            to.byte(thing::FAVOURITE);
            write.document.write(&mut to);
            field(&mut to, ONLY, Some(write.on), |value, to| to.byte(value.into()));
        }
        Record::File(write) => {
            let (id, rest) = write.hash.as_bytes().split_at(ID);
            to.byte(thing::FILE);
            to.fixed(id);
            field(&mut to, file::HASH, Some(rest), |value, to| to.fixed(value));
            field(&mut to, file::SIZE, Some(write.size), |value, to| to.varint(value));
            field(&mut to, file::MEDIA, Some(&write.media), |value, to| to.fixed(value.as_bytes()));
            field(&mut to, file::NAME, Some(&write.name), |value, to| to.fixed(value.as_bytes()));
            field(&mut to, file::DIMENSIONS, write.dimensions, |value, to| {
                to.varint(value.width.into());
                to.varint(value.height.into());
            });
        }
    }
    to.finish()
}

fn field<T>(to: &mut Writer, number: u8, value: Option<T>, write: impl FnOnce(T, &mut Writer)) {
    if let Some(value) = value {
        let mut bytes = Writer::with_capacity(32);
        write(value, &mut bytes);
        to.byte(number);
        to.bytes(&bytes.finish());
    }
}

/// Reads a record's bytes.
///
/// # Errors
/// When a field that is known is not of its form, or bytes are left over.
pub fn decode_record(bytes: Bytes) -> Result<Decoded, WireError> {
    if bytes.len() > limits::RECORD {
        let (size, limit) = (bytes.len() as u64, limits::RECORD);
        return Err(WireError::TooLarge { what: "record", size, limit });
    }
    let mut from = Reader::new(bytes);
    let thing = from.byte()?;
    let subject = from.fixed()?;
    let mut fields = Fields::read(&mut from)?;
    let record = match thing {
        thing::PLACE => Record::Place(PlaceWrite {
            document: DocumentId::from_bytes(subject),
            position: fields.take(place::POSITION, position)?,
            icon: fields.take(place::ICON, icon)?,
            trashed: fields.take(place::TRASHED, |from| from.flag("trashed"))?,
            schema: fields.take(place::SCHEMA, |from| from.number("schema"))?,
        }),
        thing::MEMBER => match fields.take(ONLY, name)? {
            Some(name) => Record::Member(MemberWrite { person: PersonId::from_bytes(subject), name }),
            None => return Ok(Decoded::Unknown),
        },
        thing::FAVOURITE => match fields.take(ONLY, |from| from.flag("favourite"))? {
            Some(on) => Record::Favourite(FavouriteWrite { document: DocumentId::from_bytes(subject), on }),
            None => return Ok(Decoded::Unknown),
        },
        thing::FILE => match whole_file(subject, &mut fields)? {
            Some(write) => Record::File(write),
            None => return Ok(Decoded::Unknown),
        },
        _ => return Ok(Decoded::Unknown),
    };
    Ok(if fields.0.is_empty() { Decoded::Known(record) } else { Decoded::Partly(record) })
}

/// Returns a snapshot's bytes: things with all their fields, each with whose word was the last.
pub fn encode_records(rows: impl Iterator<Item = (PersonId, Record)>) -> Vec<u8> {
    let mut to = Writer::with_capacity(4096);
    to.byte(FORM);
    for (by, record) in rows {
        by.write(&mut to);
        to.bytes(&encode_record(&record));
    }
    to.finish().into()
}

/// Reads a snapshot's bytes; what only a later version understands is left out.
///
/// # Errors
/// When they are no snapshot of records.
pub fn decode_records(bytes: Bytes) -> Result<Vec<(PersonId, Record)>, WireError> {
    let mut from = Reader::new(bytes);
    if from.byte()? != FORM {
        return Err(from.malformed("snapshot of records"));
    }
    let mut rows = Vec::new();
    while !from.is_done() {
        let by = Wire::read(&mut from)?;
        match decode_record(from.bytes("record", limits::RECORD)?)? {
            Decoded::Known(record) | Decoded::Partly(record) => rows.push((by, record)),
            Decoded::Unknown => {}
        }
    }
    Ok(rows)
}

/// The fields that were not taken yet, in the order of their numbers.
struct Fields(Vec<(u8, Bytes)>);

impl Fields {
    fn read(from: &mut Reader) -> Result<Self, WireError> {
        let mut fields: Vec<(u8, Bytes)> = Vec::new();
        while !from.is_done() {
            let number = from.byte()?;
            if fields.last().is_some_and(|(before, _)| *before >= number) {
                return Err(from.malformed("field's number"));
            }
            fields.push((number, from.bytes("field", limits::RECORD)?));
        }
        Ok(Self(fields))
    }

    /// Takes a field out and reads it to its end.
    fn take<T>(
        &mut self,
        number: u8,
        read: impl FnOnce(&mut Reader) -> Result<T, WireError>,
    ) -> Result<Option<T>, WireError> {
        let Some(at) = self.0.iter().position(|(other, _)| *other == number) else { return Ok(None) };
        let mut from = Reader::new(self.0.remove(at).1);
        let value = read(&mut from)?;
        from.end()?;
        Ok(Some(value))
    }
}

/// Reads what is said of a file; `None` where something is left out.
fn whole_file(id: [u8; ID], fields: &mut Fields) -> Result<Option<FileWrite>, WireError> {
    let rest: Option<[u8; ID]> = fields.take(file::HASH, Reader::fixed)?;
    let size = fields.take(file::SIZE, Reader::varint)?;
    let media = fields.take(file::MEDIA, |from| checked(from, "media type", is_media))?;
    let name = fields.take(file::NAME, |from| checked(from, "file's name", is_file_name))?;
    let dimensions = fields.take(file::DIMENSIONS, dimensions)?;
    let (Some(rest), Some(size), Some(media), Some(name)) = (rest, size, media, name) else {
        return Ok(None);
    };
    let mut hash = [0; 2 * ID];
    hash.iter_mut().zip(id.iter().chain(&rest)).for_each(|(to, from)| *to = *from);
    Ok(Some(FileWrite { hash: ContentHash::from_bytes(hash), size, media, name, dimensions }))
}

fn dimensions(from: &mut Reader) -> Result<Dimensions, WireError> {
    let (width, height) = (from.number("width")?, from.number("height")?);
    if width == 0 || height == 0 {
        Err(from.malformed("picture of nothing"))
    } else {
        Ok(Dimensions { width, height })
    }
}

fn checked(from: &mut Reader, what: &'static str, is_right: fn(&str) -> bool) -> Result<String, WireError> {
    let text = text(from, what)?;
    if is_right(&text) { Ok(text) } else { Err(from.malformed(what)) }
}

fn position(from: &mut Reader) -> Result<Position, WireError> {
    let parent = Wire::read(from)?;
    let order = Order::from_bytes(&from.rest()).ok_or_else(|| from.malformed("order"))?;
    Ok(Position { parent, order })
}

fn icon(from: &mut Reader) -> Result<String, WireError> {
    let icon = text(from, "icon")?;
    if icon.len() <= limits::ICON && !icon.chars().any(char::is_control) {
        Ok(icon)
    } else {
        Err(from.malformed("icon"))
    }
}

fn name(from: &mut Reader) -> Result<String, WireError> {
    let name = text(from, "name")?;
    rest::check_name(&name).map(|()| name).map_err(|_| from.malformed("name"))
}

fn text(from: &mut Reader, what: &'static str) -> Result<String, WireError> {
    String::from_utf8(from.rest().into()).map_err(|_| from.malformed(what))
}
