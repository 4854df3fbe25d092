import { Producer } from '../../lib/index'
import { systemClock } from '../../lib/runtime/clock'

const KEYS = ['a', 'b', 'c']

/**
 * A program that sends messages of three keys, through an outbox, until it is killed: `NAMESRV TOPIC FOLDER RUN`. It prints
 * `started`, and a line for each message that is stored or spooled: `SPOOLED ID`, `SEND_OK ID`.
 */
async function main([namesrvAddr = '', topic = '', directory = '', run = '']: readonly string[]): Promise<void> {
  const producer = new Producer({
    namesrvAddr,
    producerGroup: 'outbox-program',
    pollNameServerIntervalMs: 200,
    outbox: { directory, afterMs: 0, replayPerSecond: 200, segmentBytes: 4096 },
  })
  await producer.start()
  process.stdout.write('started\n')
  const sendAll = async (shardingKey: string): Promise<void> => {
    for (let number = 0; ; number++) {
      const body = `${shardingKey} ${run} ${number}`
      const { sendStatus, msgId } = await producer.send({ topic, body, shardingKey })
      process.stdout.write(`${sendStatus} ${msgId}\n`)
      await systemClock.sleep(1)
    }
  }
  await Promise.all(KEYS.map(sendAll))
}

void main(process.argv.slice(2))
