"""The same bytes every time, and one core a process: the pool runs as many as there are."""

import cv2


def one_thread() -> None:
    """Keep OpenCV to one thread; sums split over threads may round differently."""
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
