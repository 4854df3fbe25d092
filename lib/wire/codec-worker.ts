// What a codec thread runs; a file of its own, which `CodecThread` starts.
import { constants, getPriority, setPriority } from 'node:os'
import { type MessagePort, parentPort } from 'node:worker_threads'
import { type CodecAnswer, type CodecJob, answerCodecJob } from './codec-job'

/** So much nicer than the process. */
const NICE = 10

/** Does the jobs that come through the port, one after another as they are asked for, and answers each. */
export function serveCodecJobs(port: Pick<MessagePort, 'on' | 'postMessage'>): void {
  port.on('message', (job: CodecJob) => {
    void answerCodecJob(job).then(answer => port.postMessage(answer, ownMemoryOf(answer)))
  })
}

/** Handed on instead of copied. Smaller buffers share memory with others. */
function ownMemoryOf(answer: CodecAnswer): ArrayBuffer[] {
  if (!('body' in answer) || answer.body.byteLength <= Buffer.poolSize) return []
  const { buffer } = answer.body
  return buffer instanceof ArrayBuffer ? [buffer] : []
}

/** Where cores are short the event loop goes first. Elsewhere than on Linux it would be the priority of the whole process. */
function stepBack(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + NICE))
  } catch {
    // Where it is forbidden the thread works as others do.
  }
}

if (parentPort !== null) {
  stepBack()
  serveCodecJobs(parentPort)
}
