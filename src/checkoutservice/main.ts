import { serviceMain } from '../lib/service-main.ts';
import { readCheckoutConfig } from './config.ts';
import { startCheckoutService } from './service.ts';

void serviceMain({ name: 'checkoutservice', readConfig: readCheckoutConfig, start: startCheckoutService });
