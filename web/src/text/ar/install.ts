// Texts of `install`.

export default {};
