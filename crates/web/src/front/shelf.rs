//! Where ready answers are kept: bounded in number and in bytes. What was not asked for since the
//! last time that the young shelf was full goes first.

use std::collections::HashMap;
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Instant;

use obole_language::Language;

use super::ready::Ready;
use crate::embed::Face;

/// The most answers that are kept, over both shelves.
const ANSWERS_MAX: usize = 100_000;

/// The most bytes that they take, over both shelves.
const BYTES_MAX: usize = 48 * 1024 * 1024;

/// What an entry costs besides its address and its answer.
const ENTRY_BYTES: usize = 160;

/// The most faces of buttons that are shared.
const FACES_MAX: usize = 4_096;

/// An answer that is kept.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) answer: Arc<Ready>,
    /// The state of what is public that it was made of.
    pub(super) number: u64,
    /// When it was begun to be made.
    pub(super) made: Instant,
}

/// Two shelves: what is on the old one and is asked for goes back to the young one; when that is
/// full it becomes the old one, and the old one is cleared.
#[derive(Default)]
pub(super) struct Shelves {
    pair: RwLock<Pair>,
}

#[derive(Default)]
struct Pair {
    young: Shelf,
    old: Shelf,
}

#[derive(Default)]
struct Shelf {
    english: HashMap<Box<str>, Kept>,
    french: HashMap<Box<str>, Kept>,
    bytes: usize,
}

impl Shelf {
    const fn of(&self, language: Language) -> &HashMap<Box<str>, Kept> {
        match language {
            Language::English => &self.english,
            Language::French => &self.french,
        }
    }

    const fn of_mut(&mut self, language: Language) -> &mut HashMap<Box<str>, Kept> {
        match language {
            Language::English => &mut self.english,
            Language::French => &mut self.french,
        }
    }

    fn remove(&mut self, language: Language, address: &str) {
        if let Some((address, kept)) = self.of_mut(language).remove_entry(address) {
            self.bytes = self.bytes.saturating_sub(weight(&address, &kept));
        }
    }

    fn put(&mut self, language: Language, address: &str, kept: Kept) {
        self.remove(language, address);
        self.bytes += weight(address, &kept);
        self.of_mut(language).insert(address.into(), kept);
    }

    fn has_room(&self, bytes: usize) -> bool {
        let count = self.english.len() + self.french.len();
        count < ANSWERS_MAX / 2 && self.bytes + bytes <= BYTES_MAX / 2
    }
}

fn weight(address: &str, kept: &Kept) -> usize {
    ENTRY_BYTES + address.len() + kept.answer.weight
}

impl Shelves {
    /// What is kept for an address.
    pub(super) fn find(&self, language: Language, address: &str) -> Option<Kept> {
        let pair = self.pair.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = pair.young.of(language).get(address) {
            return Some(kept.clone());
        }
        let kept = pair.old.of(language).get(address)?.clone();
        drop(pair);
        self.put(language, address, kept.clone());
        Some(kept)
    }

    /// Keeps an answer.
    pub(super) fn put(&self, language: Language, address: &str, kept: Kept) {
        let mut pair = self.pair.write().unwrap_or_else(PoisonError::into_inner);
        pair.old.remove(language, address);
        if !pair.young.has_room(weight(address, &kept)) {
            pair.old = take(&mut pair.young);
        }
        pair.young.put(language, address, kept);
    }
}

/// The faces that buttons have: many buttons, few faces.
#[derive(Default)]
pub(super) struct Faces {
    drawn: Mutex<HashMap<Face, Arc<Ready>>>,
}

impl Faces {
    /// The drawn face.
    pub(super) fn find(&self, face: Face) -> Option<Arc<Ready>> {
        let drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        drawn.get(&face).cloned()
    }

    /// Keeps a drawn face: shared, an entry on a shelf costs little more than its address. Where
    /// there are too many in use, it is not shared, and weighs what it takes.
    pub(super) fn put(&self, face: Face, ready: Ready) -> Arc<Ready> {
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.len() >= FACES_MAX {
            drawn.retain(|_, ready| Arc::strong_count(ready) > 1);
        }
        if drawn.len() >= FACES_MAX {
            return Arc::new(ready);
        }
        let ready = Arc::new(ready.shared());
        drawn.insert(face, Arc::clone(&ready));
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(weight: usize) -> Kept {
        let answer = Arc::new(Ready::empty(weight));
        Kept { answer, number: 1, made: Instant::now() }
    }

    fn bytes(shelves: &Shelves) -> usize {
        let pair = shelves.pair.read().expect("a lock");
        pair.young.bytes + pair.old.bytes
    }

    const ENGLISH: Language = Language::English;

    #[test]
    fn what_is_kept_is_found_in_its_language_only() {
        let shelves = Shelves::default();
        shelves.put(ENGLISH, "/", kept(1));
        assert!(shelves.find(ENGLISH, "/").is_some());
        assert!(shelves.find(Language::French, "/").is_none());
        assert!(shelves.find(ENGLISH, "/how").is_none());
    }

    #[test]
    fn memory_is_bounded_and_what_is_asked_for_stays() {
        let shelves = Shelves::default();
        let each = 1024 * 1024;
        shelves.put(ENGLISH, "/", kept(each));
        for number in 0..500 {
            shelves.put(ENGLISH, &format!("/w/{number}"), kept(each));
            assert!(bytes(&shelves) <= BYTES_MAX, "{number}: {}", bytes(&shelves));
            assert!(shelves.find(ENGLISH, "/").is_some(), "{number}: it is asked for all the time");
        }
        assert!(shelves.find(ENGLISH, "/w/0").is_none());
        assert!(shelves.find(ENGLISH, "/w/499").is_some());
    }

    #[test]
    fn their_number_is_bounded_too() {
        let shelves = Shelves::default();
        for number in 0..ANSWERS_MAX + 10 {
            shelves.put(ENGLISH, &number.to_string(), kept(0));
        }
        let pair = shelves.pair.read().expect("a lock");
        let count = pair.young.english.len() + pair.old.english.len();
        assert!(count <= ANSWERS_MAX, "{count}");
    }

    #[test]
    fn faces_are_shared_while_there_are_not_too_many() {
        let faces = Faces::default();
        let mut used = Vec::new();
        for count in 0..i64::try_from(FACES_MAX).expect("few") {
            used.push(faces.put(Face::Count(Some(count)), Ready::empty(100)));
        }
        assert!(used.iter().all(|ready| ready.weight == 0));
        let more = Face::Count(None);
        assert_eq!(faces.put(more, Ready::empty(100)).weight, 100, "it weighs what it takes");
        assert!(faces.find(more).is_none());
        used.pop();
        assert_eq!(faces.put(more, Ready::empty(100)).weight, 0, "in the place of one unused");
        assert!(faces.find(more).is_some());
    }

    #[test]
    fn replacing_does_not_grow() {
        let shelves = Shelves::default();
        for _ in 0..10 {
            shelves.put(ENGLISH, "/", kept(1_000));
        }
        assert_eq!(bytes(&shelves), ENTRY_BYTES + 1 + 1_000);
    }
}
