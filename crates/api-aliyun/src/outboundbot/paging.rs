//! Pages of lists: numbered from 1.

use crate::fault::Fault;

/// Largest page.
const SIZE_MAX: i64 = 100;

/// Size of a page that says none.
const SIZE_DEFAULT: i64 = 10;

/// One page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Paged {
    /// From 1.
    pub number: i64,
    /// 1 to 100.
    pub size: i64,
}

impl Paged {
    /// The page that a request asks for; the first of 10 if it does not say.
    pub fn of(number: Option<i64>, size: Option<i64>) -> Result<Self, Fault> {
        let (number, size) = (number.unwrap_or(1), size.unwrap_or(SIZE_DEFAULT));
        if !(1..=1_000_000).contains(&number) {
            return Err(Fault::invalid("PageNumber", "it is 1 or more"));
        }
        if !(1..=SIZE_MAX).contains(&size) {
            return Err(Fault::invalid("PageSize", "it is 1 to 100"));
        }
        Ok(Self { number, size })
    }

    /// The same for the store.
    pub fn store(self) -> store::Paging {
        let part = |n: i64| u32::try_from(n).expect("pages are small");
        store::Paging {
            offset: part((self.number - 1) * self.size),
            limit: part(self.size),
        }
    }

    /// The items of the page.
    pub fn cut<T>(self, items: Vec<T>) -> impl Iterator<Item = T> {
        let paging = self.store();
        items
            .into_iter()
            .skip(paging.offset as usize)
            .take(paging.limit as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_numbered_from_one_and_bounded() {
        let second = Paged::of(Some(2), Some(2)).unwrap();
        assert_eq!(second.cut(vec![1, 2, 3]).collect::<Vec<_>>(), [3]);
        assert!(Paged::of(Some(0), None).is_err());
        assert!(Paged::of(None, Some(101)).is_err());
        assert!(Paged::of(Some(i64::MAX), None).is_err());
    }
}
