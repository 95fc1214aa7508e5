/* Hot-plug: callbacks when the probe appears on the bus and when it leaves. */
#include "probe/sim/libusb/usb.h"

static bool fits(const struct hotplug *h, libusb_device *dev)
{
	struct libusb_device_descriptor d;

	if (h->vendor == LIBUSB_HOTPLUG_MATCH_ANY && h->product == LIBUSB_HOTPLUG_MATCH_ANY &&
	    h->klass == LIBUSB_HOTPLUG_MATCH_ANY)
		return true;
	if (libusb_get_device_descriptor(dev, &d))
		return false;
	return (h->vendor == LIBUSB_HOTPLUG_MATCH_ANY || h->vendor == d.idVendor) &&
	       (h->product == LIBUSB_HOTPLUG_MATCH_ANY || h->product == d.idProduct) &&
	       (h->klass == LIBUSB_HOTPLUG_MATCH_ANY || h->klass == d.bDeviceClass);
}

static void tell(libusb_context *ctx, struct hotplug *h, libusb_device *dev,
		 libusb_hotplug_event event)
{
	if (h->used && h->events & (int)event && fits(h, dev) &&
	    h->callback(ctx, dev, event, h->user))
		h->used = false;
}

static void tell_all(libusb_context *ctx, libusb_device *dev, libusb_hotplug_event event)
{
	int i;

	for (i = 0; i < USB_CALLBACKS_MAX; i++)
		tell(ctx, &ctx->hotplug[i], dev, event);
}

static bool anybody(const libusb_context *ctx)
{
	int i;

	for (i = 0; i < USB_CALLBACKS_MAX; i++)
		if (ctx->hotplug[i].used)
			return true;
	return false;
}

void usb_hotplug_look(libusb_context *ctx)
{
	libusb_device *known, *dev;

	if (!anybody(ctx))
		return;
	known = ctx->device ? libusb_ref_device(ctx->device) : NULL;
	dev = usb_device_now(ctx);
	if (known && known->plug == ctx->seen_plug && (!dev || dev->plug != ctx->seen_plug)) {
		ctx->seen_plug = 0;
		tell_all(ctx, known, LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT);
	}
	if (dev && dev->plug != ctx->seen_plug) {
		ctx->seen_plug = dev->plug;
		tell_all(ctx, dev, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED);
	}
	libusb_unref_device(known);
	libusb_unref_device(dev);
}

int LIBUSB_CALL libusb_hotplug_register_callback(libusb_context *given, int events, int flags,
						 int vendor, int product, int klass,
						 libusb_hotplug_callback_fn callback, void *user,
						 libusb_hotplug_callback_handle *ret)
{
	libusb_context *ctx = usb_context(given);
	libusb_device *dev;
	struct hotplug *h = NULL;
	int i;

	for (i = 0; ctx && i < USB_CALLBACKS_MAX && !h; i++)
		if (!ctx->hotplug[i].used)
			h = &ctx->hotplug[i];
	if (!h || !callback)
		return h ? LIBUSB_ERROR_INVALID_PARAM : LIBUSB_ERROR_NO_MEM;
	*h = (struct hotplug){ .used = true,
			       .handle = ++ctx->next_hotplug,
			       .events = events,
			       .vendor = vendor,
			       .product = product,
			       .klass = klass,
			       .callback = callback,
			       .user = user };
	if (ret)
		*ret = h->handle;
	dev = usb_device_now(ctx);
	ctx->seen_plug = dev ? dev->plug : 0;
	if (dev && flags & LIBUSB_HOTPLUG_ENUMERATE)
		tell(ctx, h, dev, LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED);
	libusb_unref_device(dev);
	return 0;
}

static struct hotplug *find(libusb_context *ctx, libusb_hotplug_callback_handle handle)
{
	int i;

	for (i = 0; ctx && i < USB_CALLBACKS_MAX; i++)
		if (ctx->hotplug[i].used && ctx->hotplug[i].handle == handle)
			return &ctx->hotplug[i];
	return NULL;
}

void LIBUSB_CALL libusb_hotplug_deregister_callback(libusb_context *ctx,
						    libusb_hotplug_callback_handle handle)
{
	struct hotplug *h = find(usb_context(ctx), handle);

	if (h)
		h->used = false;
}

void *LIBUSB_CALL libusb_hotplug_get_user_data(libusb_context *ctx,
					       libusb_hotplug_callback_handle handle)
{
	struct hotplug *h = find(usb_context(ctx), handle);

	return h ? h->user : NULL;
}
