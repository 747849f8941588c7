// Texts of `composer`.

export default {};
