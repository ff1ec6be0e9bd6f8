import { serviceNames } from '../topology.ts';

/** Readable on a light and on a dark ground, and none is the colour of an error. */
const PALETTE =
  '#0a9ec0 #2f6fb5 #3d8b3d #b8a000 #9c3fa8 #1f8f8f #d1568c #8a5a00 #6a6fd0 #7d857d #8a8a8a #5f9e1f #b06a3b #4a7a94 #a0527a #6d7f2a'.split(
    ' ',
  );

/** The style rules that give each service a colour, by its place in the topology; after 16 services the colours repeat. */
export function serviceColors(): string {
  const rules = serviceNames.map((name, index) => `.s-${name} { --service: ${PALETTE[index % PALETTE.length]}; }\n`);
  return rules.join('');
}
