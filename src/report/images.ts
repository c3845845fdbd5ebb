import type { ListedImage } from '../actions/images.js';
import { formatRef } from '../kube/object.js';
import { formatStructured, type StructuredFormat } from './structured.js';

/** In text, each image with where it is named below it. */
export function presentImages(images: readonly ListedImage[], format: 'text' | StructuredFormat): string {
  if (format !== 'text') return formatStructured(images, format);
  return images.map(({ image, source, usedBy }) => lines([image, ...originsOf(image, source, usedBy)])).join('');
}

/** The names alone, one a line, each once. */
export function presentImageNames(images: readonly ListedImage[]): string {
  return lines([...new Set(images.map(({ image }) => image))]);
}

function originsOf(image: string, source: string, usedBy: ListedImage['usedBy']): string[] {
  return [...(source === image ? [] : [`  copy of ${source}`]), ...usedBy.map((use) => `  ${describe(use)}`)];
}

/** Without the namespace, which is the same everywhere: the lines would be too long for many a terminal. */
function describe({ namespace: _, ...use }: ListedImage['usedBy'][number]): string {
  if ('container' in use) return `${formatRef(use)}: container ${use.container}`;
  if ('volume' in use) return `${formatRef(use)}: volume ${use.volume}`;
  return `started later, beside models: ${use.value}`;
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}
