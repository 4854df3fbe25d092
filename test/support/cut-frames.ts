const LENGTH_BYTES = 4

/** Takes a stream in chunks and gives each frame of it, with its length bytes. */
export function cutFrames(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return chunk => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const end = rest.length < LENGTH_BYTES ? Infinity : LENGTH_BYTES + rest.readUInt32BE(0)
      if (rest.length < end) return
      onFrame(rest.subarray(0, end))
      rest = rest.subarray(end)
    }
  }
}
