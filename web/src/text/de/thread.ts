// Texts of `thread`.

export default {};
