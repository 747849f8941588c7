// A password that is read out or typed once and then changed: long enough to be safe, without letters that look alike.

const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
const groups = 4;
const perGroup = 5;

/** `k7mpq-3xwzd-n8rtv-hj2ac`: four groups of five, nearly a hundred bits. */
export function newPassword(
  random: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => void crypto.getRandomValues(bytes),
): string {
  const group = () => Array.from({ length: perGroup }, () => letter(random)).join('');
  return Array.from({ length: groups }, group).join('-');
}

/** Bytes beyond the last whole round of the alphabet are thrown away, so that every letter is equally likely. */
function letter(random: (bytes: Uint8Array<ArrayBuffer>) => void): string {
  const byte = new Uint8Array(1);
  for (;;) {
    random(byte);
    const [value = 255] = byte;
    if (value < 256 - (256 % letters.length)) return letters.charAt(value % letters.length);
  }
}
