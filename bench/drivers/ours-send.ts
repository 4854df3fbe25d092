import { loadLibrary } from './load-library'
import { sampleMessage } from './sample-message'
import { type DriverSetup, type Round, serveRounds, startStopwatch } from './rounds'

/** `Producer.send` with default options, a fixed number at a time. */
async function open({ namesrvAddr, topic, library, inFlight }: DriverSetup): Promise<Round> {
  const { Producer } = loadLibrary(library)
  const producer = new Producer({ namesrvAddr, producerGroup: 'bench' })
  await producer.start()
  return messages =>
    new Promise((resolve, reject) => {
      const stop = startStopwatch()
      let started = 0
      let sent = 0
      const sendOne = (): void => {
        started++
        producer.send(sampleMessage(topic)).then(onSent, reject)
      }
      const onSent = (): void => {
        sent++
        if (started < messages) sendOne()
        else if (sent === messages) resolve(stop())
      }
      for (let i = 0; i < inFlight && started < messages; i++) sendOne()
    })
}

serveRounds(open)
