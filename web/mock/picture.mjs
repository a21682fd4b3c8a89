// A small PNG of coloured shapes, made here, so that the mock needs no file.
import { crc32, deflateSync } from 'node:zlib';

const kCell = 16;
const kColumns = 8;
const kRows = 4;

/** @param {number} x @param {number} y @returns {[number, number, number]} */
function colourAt(x, y) {
  const column = Math.floor(x / kCell);
  const row = Math.floor(y / kCell);
  const dx = (x % kCell) - 7.5 + (column % 3) - 1;
  const dy = (y % kCell) - 7.5 - (column % 2);
  const inside = [
    dx * dx + dy * dy < 26,
    Math.abs(dx) < 4.6 && Math.abs(dy) < 4.6,
    dy > -5 && Math.abs(dx) < (dy + 5) * 0.55 && dy < 5,
    Math.abs(dx) + Math.abs(dy) < 6,
  ][row];
  const hue = column * 37 + row * 60;
  return inside
    ? [90 + (hue % 160), 60 + ((hue * 3) % 170), 230 - (hue % 180)]
    : [24 + row * 6, 28 + column * 3, 40];
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

export function makePicture() {
  const width = kCell * kColumns;
  const height = kCell * kRows;
  const rows = Array.from({ length: height }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: width }, (_, x) => colourAt(x, y)).flat()]),
  );
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
