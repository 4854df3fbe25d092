import { type AddressInfo, type Socket, createServer } from 'node:net'
import { encodeFrame } from '../../lib/wire/frame-writer'
import { FrameCounter } from '../drivers/ceiling/bare-socket'
import { runProgram } from '../drivers/program'

const OPAQUE = Buffer.from('"opaque":')
/** Stands in the answer until the number of the request is put there: as many digits as one can have. */
const NO_OPAQUE = 1_000_000_000
const DIGITS = 10
const ZERO = 0x30
const BLANK = 0x20

/** Answers every request with the same frame under the number of the request, which is all that it reads of it. */
function serve(socket: Socket, answer: Buffer): void {
  const opaqueAt = answer.indexOf(OPAQUE) + OPAQUE.length
  let answers: Buffer[] = []
  const counter = new FrameCounter((chunk, bodyStart) => {
    const own = Buffer.from(answer)
    const start = chunk.lastIndexOf(OPAQUE, bodyStart) + OPAQUE.length
    // JSON may have blanks before a number.
    own.fill(BLANK, opaqueAt, opaqueAt + DIGITS)
    const digits = countDigits(chunk, start)
    chunk.copy(own, opaqueAt + DIGITS - digits, start, start + digits)
    answers.push(own)
  })
  socket.on('error', () => socket.destroy())
  socket.on('data', chunk => {
    counter.push(chunk)
    if (answers.length > 0) socket.write(Buffer.concat(answers))
    answers = []
  })
}

function countDigits(source: Buffer, start: number): number {
  let end = start
  for (let byte = source[end] ?? 0; byte >= ZERO && byte < ZERO + 10; byte = source[end] ?? 0) end++
  return end - start
}

/** A server of JSON frames that is as quick as can be; it tells its address and is asked for nothing. */
runProgram(async (bodyBytes: number) => {
  const marks = { code: 0, language: 'JAVA', version: 477, opaque: NO_OPAQUE, flag: 1, serializeType: 'JSON' } as const
  const extFields = { msgId: '0A00000800002A9F000000012A05F200', queueId: '3', queueOffset: '1000000' }
  const answer = encodeFrame({ ...marks, extFields, body: Buffer.alloc(bodyBytes, 'x') })
  const server = createServer({ noDelay: true }, socket => serve(socket, answer))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return { told: `127.0.0.1:${(server.address() as AddressInfo).port}`, answer: async () => undefined }
})
