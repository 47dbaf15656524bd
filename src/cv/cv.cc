// SPDX-License-Identifier: Apache-2.0
// cv.cc -- OpenCV behind a C interface; the only C++ in the program.
extern "C" {
#include "base/err.h"
}
#include "cv/cv.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <vector>

#include <opencv2/calib3d.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/background_segm.hpp>

// Below this share of the largest, an eigenvalue is noise.
#define DEGENERATE 1e-7

struct cv_bg {
	cv::Ptr<cv::BackgroundSubtractor> model;
	cv::Mat in;   // three planes as one picture, used again for every frame
	cv::Mat back; // the model's picture of the background
	uint64_t rng; // the model's own place in OpenCV's random numbers
};

namespace
{

// OpenCV keeps one random number generator per thread. A model lends its own state for the
// length of a call: what others do in the same thread then changes nothing.
class lend_rng
{
      public:
	explicit lend_rng(uint64_t *state) : lent(state), kept(cv::theRNG().state)
	{
		cv::theRNG().state = *lent;
	}
	~lend_rng()
	{
		*lent = cv::theRNG().state;
		cv::theRNG().state = kept;
	}
	lend_rng(const lend_rng &) = delete;
	lend_rng &operator=(const lend_rng &) = delete;

      private:
	uint64_t *lent, kept;
};

constexpr uint64_t RNG_SEED = 0x5eed0f0075a11ULL;

cv::Mat wrap(const struct image *im) // a view; copies nothing
{
	return cv::Mat(im->h, im->w, CV_8UC1, im->data, static_cast<size_t>(im->stride));
}

// Runs f; an exception of OpenCV or of the C++ library becomes an error code.
template <typename F> int guarded(struct err *err, F f) noexcept
{
	static const bool once = (cv::setNumThreads(1), true);
	uint64_t rng = RNG_SEED;

	(void)once;
	try {
		lend_rng lent(&rng);
		return f();
	} catch (const cv::Exception &e) {
		return err_set(err, ERR_STATE, "opencv: %s", e.err.c_str());
	} catch (const std::exception &e) {
		return err_set(err, ERR_STATE, "opencv: %s", e.what());
	}
}

bool same_size(const struct image *a, const struct image *b)
{
	return a->w == b->w && a->h == b->h;
}

// An operation of OpenCV that made itself a new picture has not worked in place.
void in_place(const cv::Mat &m, const struct image *im)
{
	CV_Assert(m.data == im->data);
}

} // namespace

struct cv_bg *cv_bg_new(enum cv_bg_kind kind, int w, int h, int history, double threshold,
			struct err *err)
{
	std::unique_ptr<cv_bg> bg;

	int rc = guarded(err, [&] {
		if (w < 1 || h < 1 || w > 16384 || h > 16384 || history < 1 || !(threshold > 0))
			return err_set(err, ERR_RANGE,
				       "background model of %dx%d, history %d, threshold %g", w,
				       h, history, threshold);
		bg = std::make_unique<cv_bg>();
		bg->rng = RNG_SEED;
		bg->in.create(h, w, CV_8UC3);
		if (kind == CV_BG_MOG2)
			bg->model =
				cv::createBackgroundSubtractorMOG2(history, threshold, false);
		else if (kind == CV_BG_KNN)
			bg->model =
				cv::createBackgroundSubtractorKNN(history, threshold, false);
		else
			return err_set(err, ERR_RANGE, "no background model %d", kind);
		return 0;
	});
	return rc < 0 ? nullptr : bg.release();
}

void cv_bg_free(struct cv_bg *bg)
{
	delete bg;
}

int cv_bg_step(struct cv_bg *bg, const struct yuv *in, double rate, struct image *mask,
	       struct err *err)
{
	return guarded(err, [&] {
		CV_Assert(mask->w == bg->in.cols && mask->h == bg->in.rows);
		CV_Assert(same_size(&in->y, mask) && same_size(&in->u, mask) &&
			  same_size(&in->v, mask));
		CV_Assert(rate >= 0 && rate <= 1);
		const cv::Mat planes[] = { wrap(&in->y), wrap(&in->u), wrap(&in->v) };
		cv::Mat out = wrap(mask);
		lend_rng lent(&bg->rng);

		cv::merge(planes, 3, bg->in);
		bg->model->apply(bg->in, out, rate);
		in_place(out, mask);
		return 0;
	});
}

int cv_bg_plate(struct cv_bg *bg, struct yuv *out, struct err *err)
{
	return guarded(err, [&] {
		CV_Assert(out->y.w == bg->in.cols && out->y.h == bg->in.rows);
		CV_Assert(same_size(&out->y, &out->u) && same_size(&out->y, &out->v));
		cv::Mat planes[] = { wrap(&out->y), wrap(&out->u), wrap(&out->v) };

		bg->model->getBackgroundImage(bg->back);
		CV_Assert(bg->back.size() == bg->in.size() && bg->back.type() == CV_8UC3);
		cv::split(bg->back, planes);
		in_place(planes[0], &out->y);
		return 0;
	});
}

int cv_morph(struct image *mask, enum cv_morph op, int w, int h, int n, struct err *err)
{
	static const int ops[] = { 0, cv::MORPH_ERODE, cv::MORPH_DILATE, cv::MORPH_OPEN,
				   cv::MORPH_CLOSE };

	return guarded(err, [&] {
		CV_Assert(op >= CV_ERODE && op <= CV_CLOSE);
		CV_Assert(w > 0 && h > 0 && w % 2 == 1 && h % 2 == 1 && n > 0);
		cv::Mat m = wrap(mask);

		cv::morphologyEx(m, m, ops[op],
				 cv::getStructuringElement(cv::MORPH_ELLIPSE, cv::Size(w, h)),
				 cv::Point(-1, -1), n);
		in_place(m, mask);
		return 0;
	});
}

int cv_median(struct image *im, int size, struct err *err)
{
	return guarded(err, [&] {
		CV_Assert(size >= 3 && size % 2 == 1);
		cv::Mat m = wrap(im);

		cv::medianBlur(m, m, size);
		in_place(m, im);
		return 0;
	});
}

static struct cv_blob blob_of(const cv::Mat &stats, const cv::Mat &centres, int label)
{
	struct cv_blob b = {};

	b.label = label;
	b.x = stats.at<int>(label, cv::CC_STAT_LEFT);
	b.y = stats.at<int>(label, cv::CC_STAT_TOP);
	b.w = stats.at<int>(label, cv::CC_STAT_WIDTH);
	b.h = stats.at<int>(label, cv::CC_STAT_HEIGHT);
	b.area_px = stats.at<int>(label, cv::CC_STAT_AREA);
	b.cx = centres.at<double>(label, 0);
	b.cy = centres.at<double>(label, 1);
	return b;
}

int cv_components(const struct image *mask, struct cv_blob *blobs, int max, int *labels,
		  struct err *err)
{
	return guarded(err, [&] {
		cv::Mat own, stats, centres;
		cv::Mat given = labels ? cv::Mat(mask->h, mask->w, CV_32S, labels) : cv::Mat();
		cv::Mat &lab = labels ? given : own;
		int n = cv::connectedComponentsWithStats(wrap(mask), lab, stats, centres, 8,
							 CV_32S) -
			1;

		CV_Assert(max >= 0 && (!labels || lab.ptr<int>() == labels));
		std::vector<cv_blob> all;
		all.reserve(static_cast<size_t>(n));
		for (int i = 1; i <= n; i++)
			all.push_back(blob_of(stats, centres, i));
		if (n > max) {
			std::stable_sort(all.begin(), all.end(),
					 [](const cv_blob &a, const cv_blob &b) {
						 return a.area_px > b.area_px;
					 });
			all.resize(static_cast<size_t>(max));
			std::sort(all.begin(), all.end(),
				  [](const cv_blob &a, const cv_blob &b) {
					  return a.label < b.label;
				  });
		}
		std::copy(all.begin(), all.end(), blobs);
		return n;
	});
}

static std::vector<cv::Point2d> points(const double *xy, size_t n)
{
	std::vector<cv::Point2d> p;

	p.reserve(n);
	for (size_t i = 0; i < n; i++)
		p.emplace_back(xy[2 * i], xy[2 * i + 1]);
	return p;
}

// Shifted and scaled to mean 0 and mean distance 1; false when all are one point.
static bool normalise(std::vector<cv::Point2d> &p)
{
	cv::Point2d mean;
	double dist = 0;

	for (const auto &q : p)
		mean += q * (1.0 / static_cast<double>(p.size()));
	for (auto &q : p) {
		q -= mean;
		dist += std::hypot(q.x, q.y) / static_cast<double>(p.size());
	}
	if (!(dist > 1e-12))
		return false;
	for (auto &q : p)
		q *= 1 / dist;
	return true;
}

// The equations of the direct linear transform (Hartley and Zisserman, 4.1) leave one free
// direction, the homography; more than one means that the points do not determine it. One that
// maps the plane to a line (three points in line on one side only) is none either.
static bool determined(std::vector<cv::Point2d> from, std::vector<cv::Point2d> to)
{
	if (from.size() < 4 || !normalise(from) || !normalise(to))
		return false;
	cv::Mat a = cv::Mat::zeros(9, 9, CV_64F), w, v, hw;

	for (size_t i = 0; i < from.size(); i++) {
		const double x = from[i].x, y = from[i].y, s = to[i].x, t = to[i].y;
		const double r[2][9] = { { x, y, 1, 0, 0, 0, -s * x, -s * y, -s },
					 { 0, 0, 0, x, y, 1, -t * x, -t * y, -t } };

		for (const auto &row : r)
			for (int j = 0; j < 9; j++)
				for (int k = 0; k < 9; k++)
					a.at<double>(j, k) += row[j] * row[k];
	}
	cv::eigen(a, w, v);
	cv::SVD::compute(v.row(8).reshape(1, 3), hw);
	return w.at<double>(7) > DEGENERATE * w.at<double>(0) &&
	       hw.at<double>(2) > DEGENERATE * hw.at<double>(0);
}

int cv_homography(const double *from, const double *to, int n, double reproj, double h[9],
		  unsigned char *inlier, struct err *err)
{
	return guarded(err, [&] {
		if (n < 4 || n > 1000)
			return err_set(err, ERR_RANGE,
				       "a homography needs 4 to 1000 points, not %d", n);
		for (int i = 0; i < 2 * n; i++)
			if (!std::isfinite(from[i]) || !std::isfinite(to[i]))
				return err_set(err, ERR_RANGE, "point %d is not a number",
					       i / 2 + 1);
		const auto f = points(from, static_cast<size_t>(n));
		const auto t = points(to, static_cast<size_t>(n));
		std::vector<unsigned char> in(static_cast<size_t>(n), 1);
		cv::Mat m;

		if (determined(f, t))
			m = cv::findHomography(f, t, reproj > 0 ? cv::RANSAC : 0, reproj, in);
		std::vector<cv::Point2d> fi, ti;
		for (size_t i = 0; i < in.size(); i++)
			if (in[i]) {
				fi.push_back(f[i]);
				ti.push_back(t[i]);
			}
		if (m.empty() || !cv::checkRange(m) || !determined(fi, ti))
			return err_set(err, ERR_RANGE,
				       "the points do not determine a homography: at least "
				       "four are needed of which no three are in line");
		std::copy_n(m.ptr<double>(), 9, h);
		if (inlier)
			std::copy(in.begin(), in.end(), inlier);
		return 0;
	});
}

int cv_checkerboard(const struct image *grey, int cols, int rows, double *corners,
		    struct err *err)
{
	return guarded(err, [&] {
		std::vector<cv::Point2f> p;
		const cv::Mat g = wrap(grey);

		if (cols < 3 || rows < 3 || cols > 100 || rows > 100)
			return err_set(
				err, ERR_RANGE,
				"a board of %dx%d inner corners; expected 3x3 to 100x100", cols,
				rows);
		if (!cv::findChessboardCorners(g, cv::Size(cols, rows), p))
			return err_set(err, ERR_RANGE,
				       "no checkerboard of %dx%d inner corners is seen", cols,
				       rows);
		cv::cornerSubPix(
			g, p, cv::Size(5, 5), cv::Size(-1, -1),
			cv::TermCriteria(cv::TermCriteria::COUNT | cv::TermCriteria::EPS, 40,
					 1e-4));
		for (size_t i = 0; i < p.size(); i++) {
			corners[2 * i] = static_cast<double>(p[i].x);
			corners[2 * i + 1] = static_cast<double>(p[i].y);
		}
		return 0;
	});
}

int cv_calibrate(const double *corners, int n_views, int cols, int rows, double square_m, int w,
		 int h, double camera[4], double distortion[5], double *rms_px, struct err *err)
{
	return guarded(err, [&] {
		if (n_views < 1 || n_views > 1000 || cols < 3 || rows < 3 || cols > 100 ||
		    rows > 100 || !(square_m > 0) || w < 1 || h < 1)
			return err_set(err, ERR_RANGE,
				       "calibration from %d views of a %dx%d board, squares "
				       "of %g m, picture %dx%d",
				       n_views, cols, rows, square_m, w, h);
		const size_t views = static_cast<size_t>(n_views);
		const size_t per = static_cast<size_t>(cols) * static_cast<size_t>(rows);
		std::vector<cv::Point3f> board;
		std::vector<std::vector<cv::Point2f>> seen(views);
		std::vector<cv::Mat> turn, shift;
		cv::Mat k = cv::Mat::eye(3, 3, CV_64F), d;
		const int square_pixels_one_bend = cv::CALIB_FIX_ASPECT_RATIO |
						   cv::CALIB_ZERO_TANGENT_DIST |
						   cv::CALIB_FIX_K2 | cv::CALIB_FIX_K3;

		for (int y = 0; y < rows; y++)
			for (int x = 0; x < cols; x++)
				board.emplace_back(static_cast<float>(x * square_m),
						   static_cast<float>(y * square_m), 0.f);
		for (size_t v = 0; v < views; v++)
			for (size_t i = 0; i < per; i++) {
				const double *p = corners + 2 * (v * per + i);
				seen[v].emplace_back(static_cast<float>(p[0]),
						     static_cast<float>(p[1]));
			}
		const std::vector<std::vector<cv::Point3f>> boards(views, board);
		const double rms = cv::calibrateCamera(boards, seen, cv::Size(w, h), k, d, turn,
						       shift, square_pixels_one_bend);
		if (!std::isfinite(rms) || !cv::checkRange(k) || !cv::checkRange(d) ||
		    d.total() < 5)
			return err_set(err, ERR_RANGE, "the views determine no camera");
		const double cam[4] = { k.at<double>(0, 0), k.at<double>(1, 1),
					k.at<double>(0, 2), k.at<double>(1, 2) };
		std::copy_n(cam, 4, camera);
		std::copy_n(d.ptr<double>(), 5, distortion);
		*rms_px = rms;
		return 0;
	});
}
