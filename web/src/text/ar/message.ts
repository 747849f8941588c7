// Texts of `message`.

export default {};
