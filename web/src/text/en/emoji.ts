// Texts of `emoji`.

export default {};
