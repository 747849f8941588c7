// Texts of `switcher`.

export default {};
