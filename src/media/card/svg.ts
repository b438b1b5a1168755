import type { Box, Shape } from './drawing.js';
import { type Outline, UNITS } from './typeface.js';

/** Writes what of the shapes lies in a box as an SVG of the box's size. It names no font: letters are outlines. */
export function svgOf({ x, y, width, height }: Box, shapes: readonly Shape[]): Buffer {
  const size = `width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}"`;
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${shapes.map(element).join('')}</svg>`);
}

function element(shape: Shape): string {
  switch (shape.kind) {
    case 'box': {
      const { x, y, width, height, fill, radius = 0, opacity = 1 } = shape;
      return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" opacity="${opacity}"/>`;
    }
    case 'line': {
      const { line, x, y, size, fill } = shape;
      // One path for a whole line: each element costs the renderer far more than what is in it.
      const path = line.glyphs.map((glyph) => `M${glyph.x} ${glyph.y}${relative(glyph.outline)}`).join('');
      return `<path fill="${fill}" transform="translate(${x} ${y}) scale(${size / UNITS} ${-size / UNITS})" d="${path}"/>`;
    }
    case 'path': {
      const { path, x, y, scale, fill } = shape;
      return `<path fill="${fill}" transform="translate(${x} ${y}) scale(${scale})" d="${path}"/>`;
    }
    case 'turned': {
      const { x, y, width, height } = shape.within;
      const turned = `rotate(${shape.angle} ${x + width / 2} ${y + height / 2})`;
      const clip = `<clipPath id="within"><rect x="${x}" y="${y}" width="${width}" height="${height}"/></clipPath>`;
      return `${clip}<g clip-path="url(#within)"><g transform="${turned}">${shape.shapes.map(element).join('')}</g></g>`;
    }
  }
}

const paths = new WeakMap<Outline, string>();

/** An outline as a path that is relative to wherever the path before it has come to. */
function relative(outline: Outline): string {
  const known = paths.get(outline);
  if (known !== undefined) return known;
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const path = outline.map(({ type, values }) => {
    const [fromX, fromY] = [x, y];
    if (type === 'Z') [x, y] = [startX, startY];
    else [x = 0, y = 0] = values.slice(-2);
    if (type === 'M') [startX, startY] = [x, y];
    const moved = values.map((value, index) => value - (index % 2 === 0 ? fromX : fromY));
    return type.toLowerCase() + moved.join(' ');
  });
  paths.set(outline, path.join(''));
  return path.join('');
}
