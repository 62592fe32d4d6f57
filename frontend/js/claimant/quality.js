// Is a picture sharp, light and large enough? Judged on the phone, on a small grey copy: the
// spread of its edges (Laplace), its mean brightness, and the size of the original.
import { drawable } from "./exif.js";

const WIDE = 320;
const SHARP_FROM = 55;
const LIGHT_FROM = 42;
const SHORT_SIDE_FROM = 600;
const VIDEO_SECONDS = 60;

function greys(image) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDE;
  canvas.height = Math.max(3, Math.round((WIDE * image.naturalHeight) / image.naturalWidth));
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Float32Array(data.length / 4);
  for (let i = 0; i < grey.length; i += 1) grey[i] = 0.299 * data[i * 4] + 0.587 * data[i * 4 + 1] + 0.114 * data[i * 4 + 2];
  return { grey, width: canvas.width, height: canvas.height };
}

function sharpness({ grey, width, height }) {
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      const edge = 4 * grey[i] - grey[i - 1] - grey[i + 1] - grey[i - width] - grey[i + width];
      sum += edge;
      squares += edge * edge;
      count += 1;
    }
  }
  return squares / count - (sum / count) ** 2;
}

/** {sharp, light, large, known}: what holds of a picture; known is false when it cannot be drawn. */
export async function judge(file) {
  try {
    const image = await drawable(file);
    const copy = greys(image);
    const mean = copy.grey.reduce((total, value) => total + value, 0) / copy.grey.length;
    const short = Math.min(image.naturalWidth, image.naturalHeight);
    return { sharp: sharpness(copy) >= SHARP_FROM, light: mean >= LIGHT_FROM, large: short >= SHORT_SIDE_FROM, known: true };
  } catch {
    return { sharp: true, light: true, large: true, known: false };
  }
}

/** Whether a film is too long, in whole seconds allowed; 0 when it is fine or cannot be read. */
export function tooLong(file) {
  return new Promise((resolve) => {
    const film = document.createElement("video");
    film.preload = "metadata";
    film.onloadedmetadata = () => resolve(film.duration > VIDEO_SECONDS + 1 ? VIDEO_SECONDS : 0);
    film.onerror = () => resolve(0);
    film.src = URL.createObjectURL(file);
  });
}
