// Texts of `settings`.

export default {};
