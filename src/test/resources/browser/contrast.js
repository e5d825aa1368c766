// Every text that is rendered, and every edge of something to use, with less contrast to what is behind it than WCAG 2.2 AA
// wants: 4.5 for text, 3 for large text (1.4.3) and for edges (1.4.11). Shapes count as text.
function parts(color) {
  const [r, g, b, alpha = 1] = color.match(/[\d.]+/g).map(Number);
  return { rgb: [r, g, b], alpha };
}
function over(front, back) {
  return front.rgb.map((it, i) => it * front.alpha + back[i] * (1 - front.alpha));
}
function behind(element) {
  if (!element) return [255, 255, 255];
  const background = parts(getComputedStyle(element).backgroundColor);
  return background.alpha === 1 ? background.rgb : over(background, behind(element.parentElement));
}
function luminance(rgb) {
  const [r, g, b] = rgb.map(it => it / 255).map(it => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(color, back) {
  const [a, b] = [luminance(over(parts(color), back)), luminance(back)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
const seen = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const text = texts.currentNode.textContent.trim();
  const element = texts.currentNode.parentElement;
  if (!text || !element.checkVisibility()) continue;
  const style = getComputedStyle(element);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
  seen.push({ what: `${element.tagName} ${text.slice(0, 40)}`, ratio: contrast(style.color, behind(element)), wanted: isLarge ? 3 : 4.5 });
}
for (const element of document.querySelectorAll('select, button, .cell a')) {
  const edge = getComputedStyle(element).borderTopColor;
  seen.push({ what: `edge of ${element.tagName} ${element.textContent.trim().slice(0, 40)}`, ratio: contrast(edge, behind(element.parentElement)), wanted: 3 });
}
return {
  seen: seen.length,
  least: Math.min(...seen.map(it => it.ratio)),
  tooLittle: seen.filter(it => it.ratio < it.wanted).map(it => `${it.what}: ${it.ratio.toFixed(2)}, wanted ${it.wanted}`)
};
