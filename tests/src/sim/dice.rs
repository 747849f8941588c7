//! Dice: numbers that look random and are the same for the same seed.

#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Dice(seed);
        // Neighbouring seeds begin far apart.
        dice.throw();
        dice
    }

    /// Dice of their own, so that one part's throws do not shift another's.
    pub fn fork(&mut self) -> Dice {
        Dice::new(self.throw())
    }

    /// SplitMix64.
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; zero when there is none.
    pub fn below(&mut self, end: usize) -> usize {
        (self.throw() % end.max(1) as u64) as usize
    }

    pub fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// Whether something happens that happens so often in a thousand times.
    pub fn chance(&mut self, in_thousand: usize) -> bool {
        self.below(1000) < in_thousand
    }

    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.below(among.len()))
    }

    /// One of the values, each as likely as its weight says.
    pub fn weighted<T: Copy>(&mut self, among: &[(usize, T)]) -> Option<T> {
        let mut at = self.below(among.iter().map(|(weight, _)| weight).sum());
        for (weight, value) in among {
            match at.checked_sub(*weight) {
                Some(rest) => at = rest,
                None => return Some(*value),
            }
        }
        None
    }
}
