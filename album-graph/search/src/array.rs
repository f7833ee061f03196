//! Numbers of all documents, that a search looks up here and there.

use std::ops::Deref;

use memmap2::MmapMut;
use zerocopy::{FromBytes, Immutable, IntoBytes};

/// What the system's large pages have.
const LARGE_PAGE: usize = 2 << 20;

/// An array that is never changed. A large one lies in large pages, where the system has such: with small ones the processor takes
/// longer to find out where a number lies than to read it, and a search of a large catalogue takes a fifth longer.
#[derive(Debug)]
pub(crate) struct Array<T> {
    numbers: Numbers<T>,
}

#[derive(Debug)]
enum Numbers<T> {
    Few(Vec<T>),
    Many { memory: MmapMut, bytes: usize },
}

impl<T: IntoBytes + Immutable> From<Vec<T>> for Array<T> {
    fn from(numbers: Vec<T>) -> Self {
        let bytes = numbers.as_bytes();
        let length = bytes.len().next_multiple_of(LARGE_PAGE);
        let memory = (bytes.len() >= LARGE_PAGE).then(|| MmapMut::map_anon(length).ok());
        let numbers = match memory.flatten() {
            None => Numbers::Few(numbers),
            Some(mut memory) => {
                // Where it has none, small ones do.
                #[cfg(target_os = "linux")]
                let _ = memory.advise(memmap2::Advice::HugePage);
                memory[..bytes.len()].copy_from_slice(bytes);
                let bytes = bytes.len();
                Numbers::Many { memory, bytes }
            }
        };
        Self { numbers }
    }
}

impl<T: FromBytes + Immutable> Deref for Array<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match &self.numbers {
            Numbers::Few(numbers) => numbers,
            // It begins at a page, and as many bytes were written as the numbers have.
            Numbers::Many { memory, bytes } => <[T]>::ref_from_bytes(&memory[..*bytes]).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Array;

    #[test]
    fn few_and_many_are_what_they_were_made_of() {
        for size in [0, 1, 1_000, 524_287, 524_288, 1_000_000] {
            let numbers: Vec<u32> = (0..size).map(|number| number * 7).collect();
            assert_eq!(*Array::from(numbers.clone()), *numbers, "{size}");
            let numbers: Vec<u64> = numbers.into_iter().map(u64::from).collect();
            assert_eq!(*Array::from(numbers.clone()), *numbers, "{size}");
        }
    }
}
