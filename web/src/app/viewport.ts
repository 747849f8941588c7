// The height that is left when a phone shows its keyboard. Most browsers shrink the page by themselves, as `index.html`
// asks them to; where they do not, the part that is seen says how high it is.

export function followViewport(): void {
  const seen = window.visualViewport;
  if (!seen) return;
  const follow = () => {
    const covered = window.innerHeight - seen.height;
    const { style } = document.documentElement;
    // Zooming in makes the seen part smaller too, and must not squeeze the page.
    if (seen.scale <= 1.01 && covered > 80) {
      style.setProperty('--viewport', `${seen.height}px`);
      window.scrollTo(0, 0);
    } else {
      style.removeProperty('--viewport');
    }
  };
  seen.addEventListener('resize', follow);
  seen.addEventListener('scroll', follow);
}
