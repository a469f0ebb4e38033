//! `PageSize` and `PageNumber`, which most lists of the vendor have. Pages count from 0.

use store::Paging;

use crate::fault::Fault;

/// The part of a list that a page is. A page holds 1 to `size_max` items.
pub fn parse(size: i64, number: i64, size_max: u32) -> Result<Paging, Fault> {
    let limit = u32::try_from(size)
        .ok()
        .filter(|size| (1..=size_max).contains(size))
        .ok_or_else(|| Fault::wrong_value("PageSize", &format!("it is 1 to {size_max}")))?;
    let offset = u32::try_from(number)
        .ok()
        .and_then(|number| number.checked_mul(limit))
        .ok_or_else(|| Fault::wrong_value("PageNumber", "it is out of range"))?;
    Ok(Paging { offset, limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_count_from_0() {
        assert_eq!(
            parse(10, 3, 50),
            Ok(Paging {
                offset: 30,
                limit: 10
            })
        );
    }

    #[test]
    fn pages_out_of_range_are_refused() {
        for (size, number) in [
            (0, 0),
            (51, 0),
            (-1, 0),
            (10, -1),
            (50, i64::from(u32::MAX)),
        ] {
            assert!(parse(size, number, 50).is_err(), "{size} {number}");
        }
    }
}
