// Making a large photograph smaller without losing what it proves: the EXIF block of the original
// (time, place, device) is carried over into the smaller JPEG, only its rotation is set to "none",
// since the picture was turned when it was drawn. The digest of the original goes along.

const LARGE_BYTES = 4 * 1024 * 1024;
const LONG_SIDE = 2560;
const QUALITY = 0.86;
const ORIENTATION = 0x0112;

function exifBlock(bytes) {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  let at = 2;
  while (at + 4 < bytes.length && bytes[at] === 0xff) {
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    const isExif = bytes[at + 1] === 0xe1 && bytes[at + 4] === 0x45 && bytes[at + 5] === 0x78;
    if (isExif) return bytes.slice(at, at + 2 + length);
    if (bytes[at + 1] === 0xda) return null;
    at += 2 + length;
  }
  return null;
}

function upright(block) {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const tiff = 10;
  const little = view.getUint16(tiff) === 0x4949;
  const first = tiff + view.getUint32(tiff + 4, little);
  const entries = view.getUint16(first, little);
  for (let i = 0; i < entries; i += 1) {
    const entry = first + 2 + i * 12;
    if (view.getUint16(entry, little) === ORIENTATION) view.setUint16(entry + 8, 1, little);
  }
  return block;
}

function canvasOf(bitmap) {
  const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** A picture as something that can be drawn, turned the right way up. Rejects when it is none. */
export function drawable(file) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    const url = URL.createObjectURL(file);
    image.onload = () => { resolve(image); setTimeout(() => URL.revokeObjectURL(url), 1000); };
    image.onerror = () => { URL.revokeObjectURL(url); reject(new Error("not a picture that this browser can draw")); };
    image.src = url;
  });
}

/** The SHA-256 of a file in hex, empty where the browser gives none (pages without TLS). */
export async function digest(blob) {
  if (!crypto.subtle) return "";
  const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** {blob, originalHash}: the file itself, or a smaller JPEG with the same EXIF block. */
export async function shrunk(file) {
  if (file.size <= LARGE_BYTES || !/^image\/(jpeg|png|webp)$/.test(file.type)) return { blob: file, originalHash: "" };
  try {
    const image = await drawable(file);
    const jpeg = await new Promise((done) => canvasOf(image).toBlob(done, "image/jpeg", QUALITY));
    if (!jpeg || jpeg.size >= file.size) return { blob: file, originalHash: "" };
    const block = exifBlock(new Uint8Array(await file.arrayBuffer()));
    const originalHash = await digest(file);
    if (!block) return { blob: jpeg, originalHash };
    const rest = jpeg.slice(2);
    return { blob: new Blob([new Uint8Array([0xff, 0xd8]), upright(block), rest], { type: "image/jpeg" }), originalHash };
  } catch {
    return { blob: file, originalHash: "" };
  }
}
