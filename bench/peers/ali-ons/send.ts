import { inFlight } from '../../drivers/in-flight'
import type { DriverSetup, Round } from '../../drivers/rounds'
import { type AliOns, clientOptions, sampleMessage, tellErrors } from './library'

/** So many sends of a round may fail and be made again. */
const BEARABLE_ERRORS = 1000

/** One promise a message. */
export async function openSend(library: AliOns, { namesrvAddr, topic, ...setup }: DriverSetup): Promise<Round> {
  const producer = new library.Producer({ ...clientOptions(namesrvAddr), producerGroup: 'bench' })
  tellErrors(producer)
  await producer.ready()
  return async messages => {
    let errors = 0
    const send = async (): Promise<void> => {
      try {
        const { sendStatus } = await producer.send(sampleMessage(library, topic))
        if (sendStatus !== 'SEND_OK') throw new Error(`a send was answered with ${sendStatus}`)
      } catch (error) {
        if (++errors > BEARABLE_ERRORS) throw error
        await send()
      }
    }
    return { ...(await inFlight(messages, setup.inFlight, send)), errors }
  }
}
