import { describeExamples } from '../support/example-runs'
import { requireTarget } from './real/target'

const { namesrvAddr, version } = requireTarget()

/** A broker that has ended a transaction keeps a processor busy from then on; the scenarios have one of their own for that. */
const LEFT_OUT = ['transactions']

describeExamples(`the examples on RocketMQ ${version}`, { NAMESRV_ADDR: namesrvAddr }, LEFT_OUT)
