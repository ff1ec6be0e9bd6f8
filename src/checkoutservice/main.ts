import { serviceMain } from '../lib/process/service-main.ts';
import { readCheckoutConfig } from './config.ts';
import { startCheckoutService } from './service.ts';

void serviceMain({ name: 'checkoutservice', readConfig: readCheckoutConfig, start: startCheckoutService });
