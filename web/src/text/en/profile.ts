// Texts of `profile`.

export default {};
