import { describeExamples } from '../support/example-runs'
import { generationOf } from '../support/running-cluster'
import { requireTarget } from './real/target'

const { namesrvAddr, version } = requireTarget()

/** A broker that has ended a transaction keeps a processor busy from then on; the scenarios have one of their own for that. */
const LEFT_OUT = ['transactions']
/** Brokers before 5.0 do not know POP. */
const POP = ['pop', 'simple-consumer']

const leftOut = generationOf(version) === '5' ? LEFT_OUT : [...LEFT_OUT, ...POP]
describeExamples(`the examples on RocketMQ ${version}`, { NAMESRV_ADDR: namesrvAddr }, leftOut)
