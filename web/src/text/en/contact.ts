// Texts of `contact`.

export default {};
