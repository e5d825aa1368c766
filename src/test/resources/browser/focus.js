// Where the keyboard is, and whether one sees it: a ring of at least 2 px with a contrast of 3 to what is behind it, and the
// element not hidden under something else (WCAG 2.2, 2.4.7, 2.4.11, 2.4.13).
const luminance = rgb => {
  const [r, g, b] = rgb.map(it => it / 255).map(it => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const rgb = color => color.match(/[\d.]+/g).slice(0, 3).map(Number);
const element = document.activeElement;
const style = getComputedStyle(element);
const [ring, page] = [luminance(rgb(style.outlineColor)), luminance(rgb(getComputedStyle(document.body).backgroundColor))];
const box = element.getBoundingClientRect();
const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
const there = right > left && bottom > top && document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
return {
  name: `${element.tagName} ${(element.getAttribute('aria-label') || element.textContent).trim().slice(0, 40)}`,
  isBody: element === document.body,
  ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
  contrast: (Math.max(ring, page) + 0.05) / (Math.min(ring, page) + 0.05),
  onTop: Boolean(there) && (element.contains(there) || there.contains(element))
};
