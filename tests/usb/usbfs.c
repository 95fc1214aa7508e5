/* Transfers of usbfs, played by umockdev: see usbfs.h. */
#include "tests/usb/usbfs.h"

#include <errno.h>
#include <string.h>

struct usbdevfs_urb *usbfs_fields(const struct usbfs_urb *u)
{
	return (struct usbdevfs_urb *)u->data->data;
}

void usbfs_end(struct usbfs_urb *u, int status, const void *bytes, size_t len)
{
	int actual = (int)len;

	if (bytes && len)
		umockdev_ioctl_data_update(u->buffer, 0, (guint8 *)(uintptr_t)bytes, actual);
	/* Field by field, as the pointers between them are ours here and the client's there. */
	umockdev_ioctl_data_update(u->data, offsetof(struct usbdevfs_urb, status),
				   (guint8 *)&status, sizeof(status));
	umockdev_ioctl_data_update(u->data, offsetof(struct usbdevfs_urb, actual_length),
				   (guint8 *)&actual, sizeof(actual));
	u->ended = true;
}

int usbfs_submit(struct usbfs_queue *q, UMockdevIoctlData *arg)
{
	struct usbfs_urb u = { 0 };

	if (q->n == USBFS_URBS_MAX)
		return ENOMEM;
	u.data = umockdev_ioctl_data_resolve(arg, 0, sizeof(struct usbdevfs_urb), NULL);
	if (!u.data)
		return EFAULT;
	u.buffer = umockdev_ioctl_data_resolve(u.data, offsetof(struct usbdevfs_urb, buffer),
					       (gsize)usbfs_fields(&u)->buffer_length, NULL);
	q->urbs[q->n++] = u;
	return 0;
}

static void drop(struct usbfs_queue *q, unsigned i)
{
	g_object_unref(q->urbs[i].data);
	if (q->urbs[i].buffer)
		g_object_unref(q->urbs[i].buffer);
	q->n--;
	memmove(&q->urbs[i], &q->urbs[i + 1], (q->n - i) * sizeof(q->urbs[0]));
}

int usbfs_reap(struct usbfs_queue *q, UMockdevIoctlData *arg)
{
	UMockdevIoctlData *where;

	for (unsigned i = 0; i < q->n; i++) {
		if (!q->urbs[i].ended)
			continue;
		where = umockdev_ioctl_data_resolve(arg, 0, sizeof(void *), NULL);
		umockdev_ioctl_data_set_ptr(where, 0, q->urbs[i].data);
		g_object_unref(where);
		drop(q, i);
		return 0;
	}
	return EAGAIN;
}

struct usbfs_urb *usbfs_discarded(struct usbfs_queue *q, UMockdevIoctlData *arg)
{
	gulong address;

	memcpy(&address, arg->data, sizeof(address));
	for (unsigned i = 0; i < q->n; i++)
		if (q->urbs[i].data->client_addr == address && !q->urbs[i].ended)
			return &q->urbs[i];
	return NULL;
}

int usbfs_capabilities(UMockdevIoctlData *arg)
{
	UMockdevIoctlData *caps = umockdev_ioctl_data_resolve(arg, 0, sizeof(guint32), NULL);
	guint32 value = USBDEVFS_CAP_BULK_SCATTER_GATHER | USBDEVFS_CAP_NO_PACKET_SIZE_LIM |
			USBDEVFS_CAP_REAP_AFTER_DISCONNECT;

	umockdev_ioctl_data_update(caps, 0, (guint8 *)&value, sizeof(value));
	g_object_unref(caps);
	return 0;
}

uint32_t usbfs_word(UMockdevIoctlData *arg)
{
	UMockdevIoctlData *data = umockdev_ioctl_data_resolve(arg, 0, sizeof(uint32_t), NULL);
	uint32_t word;

	memcpy(&word, data->data, sizeof(word));
	g_object_unref(data);
	return word;
}

void usbfs_drop_all(struct usbfs_queue *q)
{
	while (q->n)
		drop(q, 0);
}
