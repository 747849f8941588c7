// Texts of `connection`.

export default {};
